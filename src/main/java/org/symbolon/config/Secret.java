package org.symbolon.config;

/** A setting that must not be printed. */
public final class Secret {
  private final String text;

  Secret(String text) {
    this.text = text;
  }

  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
