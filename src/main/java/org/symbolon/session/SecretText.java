package org.symbolon.session;

/** Text that must not be printed: the wire form of a session ID, a credential, a key. */
public final class SecretText {
  private final String text;

  public SecretText(String text) {
    this.text = text;
  }

  /** The text itself; every call stands where the secret goes over the wire or into a hash. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
