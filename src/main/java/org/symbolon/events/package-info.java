/**
 * Signals about people, from and to other services: what they mean here, and that each takes effect
 * once.
 */
@NullMarked
package org.symbolon.events;

import org.jspecify.annotations.NullMarked;
