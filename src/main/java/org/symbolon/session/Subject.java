package org.symbolon.session;

/**
 * Whom a session speaks for, as the issuer names them: 1 to 255 visible ASCII characters, which
 * holds every {@code sub} of OpenID Connect Core section 2 without spaces and goes into a header as
 * it is.
 */
public record Subject(String value) {
  private static final int MAX_LENGTH = 255;

  /**
   * @throws IllegalArgumentException for any other shape
   */
  public Subject {
    if (!isValid(value)) {
      throw new IllegalArgumentException("subject: 1 to 255 visible ASCII characters needed");
    }
  }

  public static boolean isValid(String value) {
    return !value.isEmpty() && value.length() <= MAX_LENGTH && VisibleText.is(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
