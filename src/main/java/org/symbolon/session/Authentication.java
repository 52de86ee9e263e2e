package org.symbolon.session;

import java.time.Instant;
import java.util.List;

/**
 * The event that proved the subject, in the words of OpenID Connect Core section 2.
 *
 * @param time {@code auth_time}
 * @param acr the authentication context class, at most 64 visible ASCII characters, empty if
 *     unknown
 * @param amr the methods (RFC 8176), at most 8 of at most 16 visible ASCII characters each
 */
public record Authentication(Instant time, String acr, List<String> amr) {
  public static final int MAX_ACR = 64;
  public static final int MAX_AMR = 8;
  public static final int MAX_AMR_LENGTH = 16;

  /**
   * @throws IllegalArgumentException where a part has another shape; the message names it
   */
  public Authentication {
    if (!isValidAcr(acr)) {
      throw new IllegalArgumentException("acr: at most 64 visible ASCII characters");
    }
    if (!isValidAmr(amr)) {
      throw new IllegalArgumentException("amr: at most 8 names of 1 to 16 visible characters");
    }
    amr = List.copyOf(amr);
  }

  public static boolean isValidAcr(String acr) {
    return acr.length() <= MAX_ACR && VisibleText.is(acr);
  }

  public static boolean isValidAmr(List<String> amr) {
    if (amr.size() > MAX_AMR) {
      return false;
    }
    for (String method : amr) {
      if (method.isEmpty()
          || method.length() > MAX_AMR_LENGTH
          || method.indexOf(',') >= 0
          || !VisibleText.is(method)) {
        return false;
      }
    }
    return true;
  }
}
