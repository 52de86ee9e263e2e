package org.symbolon.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What a session is bound to: a key that its client alone holds, and proves at its requests.
 *
 * @param since when it was bound, by the store's clock, to the millisecond
 * @param key the public key, or a hash of it, as the kind's verifier writes it; 1 to 1024 visible
 *     ASCII characters
 */
public record Binding(Kind kind, Instant since, String key) {
  /** Requests that were sent unproved before the client knew of the binding may be under way. */
  public static final Duration UNDER_WAY = Duration.ofSeconds(10);

  public static final int MAX_KEY = 1024;

  /** How the key is proved, in the order of the stored codes: append only. */
  public enum Kind {
    /** A key that the browser made for the session (W3C Device Bound Session Credentials). */
    DBSC,
    /**
     * A key by which a program signs each request (RFC 9449); kept is its thumbprint (RFC 7638).
     */
    DPOP,
    /** A client certificate (RFC 8705); kept is the SHA-256 of its DER form ({@code x5t#S256}). */
    CERTIFICATE,
    /**
     * The key of a client certificate, which a renewed one may have too; kept is the SHA-256 of its
     * SubjectPublicKeyInfo.
     */
    CERTIFICATE_KEY,
    /**
     * The one TLS 1.3 connection that its client logged in on (RFC 9266); kept is what both ends
     * export of it.
     */
    TLS_EXPORTER;

    /** The kind in metrics, audit events and the configuration. */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * @throws IllegalArgumentException for a key of another shape
   */
  public Binding {
    if (key.isEmpty() || key.length() > MAX_KEY || !VisibleText.is(key)) {
      throw new IllegalArgumentException("binding: 1 to 1024 visible ASCII characters of key");
    }
  }

  /** True where a request that shows no proof may have been sent before the client knew. */
  boolean isUnderWay(Instant now) {
    return now.isBefore(since.plus(UNDER_WAY));
  }
}
