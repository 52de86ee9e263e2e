/** Tests of the wire form, the key ring, the cookie and the signed proofs. */
@NullMarked
package org.symbolon.token;

import org.jspecify.annotations.NullMarked;
