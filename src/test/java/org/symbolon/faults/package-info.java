/** The service under faults of its store, and the judge of what it answered meanwhile. */
@NullMarked
package org.symbolon.faults;

import org.jspecify.annotations.NullMarked;
