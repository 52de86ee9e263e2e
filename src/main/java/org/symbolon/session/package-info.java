/**
 * The centre: values, policy, use cases, and the ports through which the edges meet.
 *
 * <p>Imports nothing but the JDK. A denial is a value and never an exception; an outage of the
 * store is {@link org.symbolon.session.Unavailable}, which is neither allow nor deny.
 */
@NullMarked
package org.symbolon.session;

import org.jspecify.annotations.NullMarked;
