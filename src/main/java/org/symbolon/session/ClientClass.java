package org.symbolon.session;

import java.util.regex.Pattern;

/** The kind of client that timeouts are set for: 1 to 32 characters of {@code [a-z0-9-]}. */
public record ClientClass(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9-]{1,32}");

  public static final ClientClass BROWSER = new ClientClass("browser");

  /**
   * @throws IllegalArgumentException for any other shape
   */
  public ClientClass {
    if (!isValid(value)) {
      throw new IllegalArgumentException("client class: 1 to 32 characters of a-z 0-9 - needed");
    }
  }

  public static boolean isValid(String value) {
    return SHAPE.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
