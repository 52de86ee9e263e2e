/** Tests of the package of this name. */
@NullMarked
package org.symbolon.config;

import org.jspecify.annotations.NullMarked;
