package org.symbolon.session;

import java.util.regex.Pattern;

/** An isolated population of subjects: 1 to 64 characters of {@code [A-Za-z0-9._-]}. */
public record Tenant(String value) {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** The tenant of every session for which none was named. */
  public static final Tenant DEFAULT = new Tenant("default");

  /**
   * @throws IllegalArgumentException for any other shape
   */
  public Tenant {
    if (!isValid(value)) {
      throw new IllegalArgumentException("tenant: 1 to 64 characters of A-Z a-z 0-9 . _ - needed");
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
