/** The command and the composition root. */
@NullMarked
package org.symbolon;

import org.jspecify.annotations.NullMarked;
