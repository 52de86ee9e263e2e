package org.symbolon.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A set of public keys (RFC 7517 section 5), without those that can't verify our algorithms. */
record Jwks(List<IssuerKey> keys) {
  private static final int MAX_KEYS = 100;

  /** What is read of a key: no certificates, no private parts, nothing that costs or tempts. */
  private static final Set<String> MEMBERS =
      Set.of("kty", "n", "e", "crv", "x", "y", "use", "key_ops", "alg", "kid");

  Jwks {
    keys = List.copyOf(keys);
  }

  /** The outcome of reading a text. */
  sealed interface Reading permits Read, Faulty {}

  record Read(Jwks jwks) implements Reading {}

  /**
   * Not a usable set.
   *
   * @param mend names the member and what to change
   */
  record Faulty(String mend) implements Reading {}

  static Reading parse(String text) {
    Optional<Map<String, Object>> members = StrictJson.object(text);
    if (members.isEmpty()) {
      return new Faulty("make it a JSON object with each member once, as {\"keys\":[...]}");
    }
    if (!(members.get().get("keys") instanceof List<?> list)) {
      return new Faulty("keys: an array of JWKs is needed (RFC 7517 section 5)");
    }
    if (list.size() > MAX_KEYS) {
      return new Faulty("keys: at most " + MAX_KEYS);
    }
    List<IssuerKey> keys = new ArrayList<>();
    for (Object element : list) {
      if (element instanceof Map<?, ?> jwk) {
        key(jwk).ifPresent(keys::add);
      }
    }
    return keys.isEmpty()
        ? new Faulty(
            "keys: none is a public signature key of RSA (2048 bits or more), P-256, P-384, P-521"
                + " or Ed25519")
        : new Read(new Jwks(keys));
  }

  /** Keys of unknown kinds are passed over, as RFC 7517 section 5 asks. */
  private static Optional<IssuerKey> key(Map<?, ?> jwk) {
    Map<String, Object> members = new HashMap<>();
    jwk.forEach(
        (name, value) -> {
          if (name instanceof String text && MEMBERS.contains(text) && value != null) {
            members.put(text, value);
          }
        });
    try {
      return IssuerKey.of(JWK.parse(members));
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The keys that may verify an algorithm, of that name where one is given. */
  List<IssuerKey> find(String kid, String algorithm) {
    return keys.stream()
        .filter(k -> kid.isEmpty() || k.kid().equals(kid))
        .filter(k -> k.algorithms().contains(algorithm))
        .toList();
  }

  boolean names(String kid) {
    return keys.stream().anyMatch(k -> k.kid().equals(kid));
  }
}
