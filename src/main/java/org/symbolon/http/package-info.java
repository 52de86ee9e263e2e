/**
 * The ground all listeners stand on: strict HTTP, who speaks and how, replies and problems.
 *
 * <p>Knows the use cases only through {@code session}; settings arrive as records of its own.
 */
@NullMarked
package org.symbolon.http;

import org.jspecify.annotations.NullMarked;
