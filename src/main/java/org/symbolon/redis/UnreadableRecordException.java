package org.symbolon.redis;

/** A record that this version can't read; its session is neither allowed nor denied. */
final class UnreadableRecordException extends RuntimeException {
  UnreadableRecordException(String message) {
    super(message);
  }
}
