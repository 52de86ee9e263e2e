/** The audit file, written and checked. */
@NullMarked
package org.symbolon.audit;

import org.jspecify.annotations.NullMarked;
