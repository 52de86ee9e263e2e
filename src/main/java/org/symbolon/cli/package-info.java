/** The {@code symbolon} command: what people and scripts type. */
@NullMarked
package org.symbolon.cli;

import org.jspecify.annotations.NullMarked;
