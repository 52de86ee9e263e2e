/** The public listener: log in, issue, introspect, own sessions, log out, and the demo page. */
@NullMarked
package org.symbolon.http.api;

import org.jspecify.annotations.NullMarked;
