/** Tests of the package of this name, on a small reference model of the store. */
@NullMarked
package org.symbolon.nearcache;

import org.jspecify.annotations.NullMarked;
