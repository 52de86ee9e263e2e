package org.symbolon.proof;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A signed proof, taken apart; nothing is believed before a key verifies it. */
final class ProofJwt {
  static final int MAX_LENGTH = 4096;

  private final JWSObject jws;
  private final Map<String, Object> claims;

  private ProofJwt(JWSObject jws, Map<String, Object> claims) {
    this.jws = jws;
    this.claims = claims;
  }

  /**
   * What a protocol takes.
   *
   * @param type the value of {@code typ}
   */
  record Form(JOSEObjectType type, Set<String> algorithms) {
    Form {
      algorithms = Set.copyOf(algorithms);
    }
  }

  /** The outcome of taking a text apart. */
  sealed interface Reading permits Read, Faulty {}

  record Read(ProofJwt proof) implements Reading {}

  /**
   * @param parameter the header parameter or claim at fault, {@code proof} for the whole
   */
  record Faulty(String parameter, String mend) implements Reading {}

  /** Takes a text apart. */
  static Reading read(String text, Form form) {
    if (text.length() > MAX_LENGTH) {
      return new Faulty("proof", "send at most 4096 characters");
    }
    JWSObject jws;
    try {
      jws = JWSObject.parse(text);
    } catch (ParseException | IllegalArgumentException e) {
      return new Faulty(
          "proof", "send a signed JWT in compact form whose jwk, if there is one, is a public key");
    }
    Optional<Faulty> fault = judge(jws.getHeader(), form);
    if (fault.isPresent()) {
      return fault.get();
    }
    Map<String, Object> claims = jws.getPayload().toJSONObject();
    if (claims == null || !(claims.get("jti") instanceof String)) {
      return new Faulty("jti", "send a JSON object with jti");
    }
    return new Read(new ProofJwt(jws, claims));
  }

  private static Optional<Faulty> judge(JWSHeader header, Form form) {
    if (!form.type().equals(header.getType())) {
      return Optional.of(new Faulty("typ", "use " + form.type()));
    }
    if (!form.algorithms().contains(header.getAlgorithm().getName())) {
      return Optional.of(new Faulty("alg", "sign by one of " + new TreeSet<>(form.algorithms())));
    }
    if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
      return Optional.of(new Faulty("crit", "leave extensions out: none is understood"));
    }
    if (header.getJWKURL() != null
        || header.getX509CertURL() != null
        || header.getX509CertChain() != null) {
      return Optional.of(new Faulty("jku", "send no key but a jwk, and that at registration"));
    }
    return Optional.empty();
  }

  String algorithm() {
    return jws.getHeader().getAlgorithm().getName();
  }

  /** The key that the proof brings. */
  Optional<JWK> broughtKey() {
    return Optional.ofNullable(jws.getHeader().getJWK());
  }

  /** The challenge, or the proof's own name. */
  String jti() {
    return text("jti");
  }

  /** A claim's text; empty for none. */
  String text(String claim) {
    return claims.get(claim) instanceof String text ? text : "";
  }

  /** A NumericDate (RFC 7519 section 2), down to its second. */
  Optional<Instant> date(String claim) {
    return claims.get(claim) instanceof Number number && Math.abs(number.doubleValue()) < 1e12
        ? Optional.of(Instant.ofEpochSecond(number.longValue()))
        : Optional.empty();
  }

  /** True where the proof is for nobody in particular, or for this address. */
  boolean isFor(String endpoint) {
    Object audience = claims.get("aud");
    return !claims.containsKey("aud")
        || endpoint.equals(audience)
        || (audience instanceof List<?> several && several.contains(endpoint));
  }

  JWSHeader header() {
    return jws.getHeader();
  }

  byte[] signingInput() {
    return jws.getSigningInput();
  }

  Base64URL signature() {
    return jws.getSignature();
  }
}
