/** Tests over real sockets, with the ports played by hand. */
@NullMarked
package org.symbolon.http.api;

import org.jspecify.annotations.NullMarked;
