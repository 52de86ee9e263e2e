package org.symbolon.http;

import java.util.List;
import java.util.Set;

/** The request methods that are heard of. */
public final class Methods {
  /** Those of RFC 9110 and RFC 5789, without the two that are never meant for a service. */
  public static final List<String> COMMON =
      List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");

  /** With those of WebDAV and its kin, which gateways pass on (RFC 4918, 3253, 5323). */
  static final Set<String> KNOWN =
      Set.of(
          "DELETE",
          "GET",
          "HEAD",
          "OPTIONS",
          "PATCH",
          "POST",
          "PUT",
          "COPY",
          "LOCK",
          "MKCOL",
          "MOVE",
          "PROPFIND",
          "PROPPATCH",
          "REPORT",
          "SEARCH",
          "UNLOCK");

  private Methods() {}
}
