/**
 * Keeps sessions, replay names and the audit trail in Redis, standalone or Cluster: the scripts,
 * the packed record, the connection, the checks at start, and the embedded server for a first try.
 */
@NullMarked
package org.symbolon.redis;

import org.jspecify.annotations.NullMarked;
