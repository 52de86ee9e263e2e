/** Tests of the package of this name, on files that are written for them. */
@NullMarked
package org.symbolon.geo;

import org.jspecify.annotations.NullMarked;
