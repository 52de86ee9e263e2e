/**
 * Forced logout of many sessions: criteria, plan, fence, sweep, and the proof that none is left.
 */
@NullMarked
package org.symbolon.campaign;

import org.jspecify.annotations.NullMarked;
