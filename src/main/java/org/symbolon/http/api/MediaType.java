package org.symbolon.http.api;

import java.util.Locale;
import org.symbolon.http.Exchange;

/** The media type of a body, without its parameters and in lower case. */
final class MediaType {
  static final String JSON = "application/json";
  static final String FORM = "application/x-www-form-urlencoded";
  static final String JWT = "application/jwt";

  private MediaType() {}

  /** Empty where the request names none, or several. */
  static String of(Exchange exchange) {
    String value = exchange.field("Content-Type").orElse("");
    int semicolon = value.indexOf(';');
    return (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }
}
