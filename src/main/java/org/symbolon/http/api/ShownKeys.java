package org.symbolon.http.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.symbolon.http.Exchange;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.session.Binding;

/** What a login's program shows that its session may be bound to. */
final class ShownKeys {
  /**
   * Asks for the connection to be what the session is bound to (RFC 9266): a token of RFC 9651,
   * which may bring the client's own export of the connection.
   */
  static final String CHANNEL = "Channel-Binding";

  private static final Pattern EXPORTER =
      Pattern.compile("tls-exporter(?:; ?value=:([A-Za-z0-9+/]{43}=):)?");

  private ShownKeys() {}

  /**
   * The keys in the order in which the first whose kind is on is taken: what a program signs or
   * asks for comes before what its connection shows by itself.
   *
   * @param thumbprint of the key that signed a DPoP proof; empty for none
   * @throws RefusedRequest where {@code Channel-Binding} asks for what can't be
   */
  static List<Binding> of(Exchange exchange, String thumbprint) {
    List<Binding> keys = new ArrayList<>();
    if (!thumbprint.isEmpty()) {
      keys.add(key(Binding.Kind.DPOP, thumbprint));
    }
    channel(exchange).ifPresent(shown -> keys.add(key(Binding.Kind.TLS_EXPORTER, shown)));
    exchange
        .hop()
        .certificate()
        .ifPresent(
            shown -> {
              keys.add(key(Binding.Kind.CERTIFICATE, shown.thumbprint()));
              shown.key().get().ifPresent(k -> keys.add(key(Binding.Kind.CERTIFICATE_KEY, k)));
            });
    return keys;
  }

  private static Binding key(Binding.Kind kind, String key) {
    return new Binding(kind, Instant.EPOCH, key);
  }

  private static Optional<String> channel(Exchange exchange) {
    if (!exchange.fields().contains(CHANNEL)) {
      return Optional.empty();
    }
    Optional<Matcher> asked =
        exchange.field(CHANNEL).map(String::strip).map(EXPORTER::matcher).filter(Matcher::matches);
    if (asked.isEmpty()) {
      throw refused(
          "Channel-Binding asks for a kind that is not known",
          "Send it once, as tls-exporter, or as tls-exporter;value= and what the client exports,"
              + " 32 bytes in base64 between colons");
    }
    String seen =
        exchange
            .hop()
            .channel()
            .get()
            .orElseThrow(
                () ->
                    refused(
                        "The client's connection is none of TLS 1.3 that ends here",
                        "Connect to the service itself by TLS 1.3, not through a gateway"));
    Optional<String> told = Optional.ofNullable(asked.get().group(1));
    if (told.filter(value -> !isSame(value, seen)).isPresent()) {
      throw refused(
          "The client's end of the connection is another than the service's",
          "Look for who ends TLS in between");
    }
    return Optional.of(seen);
  }

  private static boolean isSame(String told, String seen) {
    return MessageDigest.isEqual(
        Base64.getDecoder().decode(told.getBytes(StandardCharsets.US_ASCII)),
        Base64.getUrlDecoder().decode(seen));
  }

  private static RefusedRequest refused(String detail, String mend) {
    return new RefusedRequest(Problems.requestMalformed(detail, CHANNEL, mend));
  }
}
