/** Validate: one decision handler and the dialects in which gateways hear it. */
@NullMarked
package org.symbolon.http.gateway;

import org.jspecify.annotations.NullMarked;
