/** Tests of signals from and to other services. */
@NullMarked
package org.symbolon.events;

import org.jspecify.annotations.NullMarked;
