/** Holds responses of the service against its API description. */
@NullMarked
package org.symbolon.api;

import org.jspecify.annotations.NullMarked;
