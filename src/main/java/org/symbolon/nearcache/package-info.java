/** What a node remembers of sessions: it may refuse early, and never prolongs a life. */
@NullMarked
package org.symbolon.nearcache;

import org.jspecify.annotations.NullMarked;
