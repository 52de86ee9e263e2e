/**
 * The wire form of session IDs, the keys behind it, and the signed proofs of issuers and backends.
 */
@NullMarked
package org.symbolon.token;

import org.jspecify.annotations.NullMarked;
