/** The audit file: a chain of lines, each of which holds the hash of the one before. */
@NullMarked
package org.symbolon.audit;

import org.jspecify.annotations.NullMarked;
