/** Tests of the package of this name. */
@NullMarked
package org.symbolon.cli;

import org.jspecify.annotations.NullMarked;
