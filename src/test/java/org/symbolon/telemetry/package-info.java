/** Tests of the package of this name. */
@NullMarked
package org.symbolon.telemetry;

import org.jspecify.annotations.NullMarked;
