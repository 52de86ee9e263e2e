package org.symbolon;

/** The {@code symbolon} command. */
public final class Main {
  private Main() {}
}
