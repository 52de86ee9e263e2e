package org.symbolon.campaign;

import java.io.IOException;

/** The store, or the disk, gave no answer; the work waits, and what people ask for is refused. */
public final class OutageException extends IOException {
  public OutageException(String cause) {
    super(cause);
  }
}
