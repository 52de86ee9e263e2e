/** Judges the proofs of what sessions are bound to. */
@NullMarked
package org.symbolon.proof;

import org.jspecify.annotations.NullMarked;
