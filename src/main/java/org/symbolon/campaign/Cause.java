package org.symbolon.campaign;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a campaign is run. */
public enum Cause {
  TOKEN_THEFT,
  CREDENTIAL_COMPROMISE,
  SESSION_MIXUP,
  KEY_COMPROMISE,
  COOKIE_MISCONFIGURATION,
  POLICY_CHANGE,
  OFFBOARDING,
  USER_REQUEST,
  DRILL;

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Cause> named(String code) {
    return Arrays.stream(values()).filter(cause -> cause.code().equals(code)).findFirst();
  }

  /** All of them, for a message. */
  public static String codes() {
    return Arrays.stream(values()).map(Cause::code).collect(Collectors.joining(", "));
  }
}
