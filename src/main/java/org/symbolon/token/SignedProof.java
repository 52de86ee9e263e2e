package org.symbolon.token;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.symbolon.session.LoginProofs.Refused;
import org.symbolon.session.Unavailable;

/** Judges signed JWTs, of issuers and of backends: structure, key, signature, common claims. */
final class SignedProof {
  private static final Pattern JTI = Pattern.compile("[!-~]{1,128}");
  static final String FALSE_SIGNATURE = "the signature is false: sign with the key that kid names";

  private final ProofRules rules;
  private final Life life;

  /** How a proof's life is bounded. */
  enum Life {
    /** By its age: {@code iat} is needed. */
    SINCE_ISSUED,
    /** By what is left: {@code exp} may not lie far ahead. */
    UNTIL_EXPIRED,
    /** Not at all: {@code iat} is needed, and how old it may be is for the caller to judge. */
    UNENDING
  }

  /** Whose signature is asked for. */
  record Signer(JwksSource keys, Set<String> algorithms) {}

  SignedProof(ProofRules rules, Life life) {
    this.rules = rules;
    this.life = life;
  }

  /** The outcome. */
  sealed interface Outcome permits Believed, NotBelieved, NoKeys {}

  /**
   * Genuine and timely; its one-time name is still to be claimed.
   *
   * @param until from when on it is refused for its age anyway
   */
  record Believed(JsonMembers claims, String jti, Instant until) implements Outcome {}

  record NotBelieved(Refused why) implements Outcome, Signature {}

  /** The signer's keys were never reached. */
  record NoKeys(Unavailable outage) implements Outcome, Signature {}

  /** The outcome for the signature alone. */
  sealed interface Signature permits Signed, NotBelieved, NoKeys {}

  record Signed() implements Signature {}

  /**
   * Judges a proof.
   *
   * @param signer who has to have signed, told by claims that are not believed yet; empty where
   *     nobody of that name is known
   */
  Outcome judge(String compact, Instant now, Function<JsonMembers, Optional<Signer>> signer) {
    CompactJws jws;
    switch (CompactJws.read(compact, rules.types())) {
      case CompactJws.Read(CompactJws read) -> jws = read;
      case CompactJws.Faulty(Refused refused) -> {
        return new NotBelieved(refused);
      }
    }
    Optional<JsonMembers> claims = jws.claims();
    if (claims.isEmpty()) {
      return refused("assertion", "make the payload a JSON object in UTF-8 with each claim once");
    }
    Optional<Signer> known = signer.apply(claims.get());
    if (known.isEmpty()) {
      return refused("iss", "use the name of an issuer this service is configured to trust");
    }
    return switch (verifySignature(jws, known.get())) {
      case Signed _ -> judgeClaims(claims.get(), now);
      case NotBelieved refusal -> refusal;
      case NoKeys outage -> outage;
    };
  }

  /** Judges the signature alone. */
  static Signature verifySignature(CompactJws jws, Signer signer) {
    if (!signer.algorithms().contains(jws.algorithm())) {
      return refused("alg", "sign with one of " + signer.algorithms());
    }
    return switch (signer.keys().keys(jws.kid())) {
      case JwksSource.NotLoaded(String cause) ->
          new NoKeys(new Unavailable("issuer keys: " + cause));
      case JwksSource.Known known -> verify(jws, known.jwks());
    };
  }

  private static Signature verify(CompactJws jws, Jwks jwks) {
    List<IssuerKey> keys = jwks.find(jws.kid(), jws.algorithm());
    if (keys.isEmpty()) {
      return refused("kid", "use a signature key for this algorithm that the signer's JWKS holds");
    }
    if (keys.size() > 1) {
      return refused("kid", "name the key: the signer's JWKS holds several that it could be");
    }
    return keys.getFirst().verifies(jws) ? new Signed() : refused("assertion", FALSE_SIGNATURE);
  }

  private Outcome judgeClaims(JsonMembers claims, Instant now) {
    if (audience(claims).stream().noneMatch(rules.audiences()::contains)) {
      return refused("aud", "name this service: " + rules.audiences());
    }
    Optional<Instant> expiry = claims.date("exp");
    if (expiry.isEmpty() && (life != Life.UNENDING || claims.has("exp"))) {
      return refused("exp", "say in seconds since 1970 when it expires");
    }
    if (expiry.isPresent() && !now.isBefore(expiry.get().plus(rules.skew()))) {
      return refused("exp", "it has expired: sign a new one, and compare the clocks");
    }
    if (claims.has("nbf")
        && claims.date("nbf").filter(t -> !t.isAfter(now.plus(rules.skew()))).isEmpty()) {
      return refused("nbf", "it is not good yet: compare the clocks, or leave nbf out");
    }
    Optional<Instant> issued = claims.date("iat");
    if (issued.isEmpty() && (life != Life.UNTIL_EXPIRED || claims.has("iat"))) {
      return refused("iat", "say in seconds since 1970 when it was issued");
    }
    if (issued.isPresent() && issued.get().isAfter(now.plus(rules.skew()))) {
      return refused("iat", "it lies in the future: compare the clocks");
    }
    Instant oldest = now.minus(rules.maxAge()).minus(rules.skew());
    if (life == Life.SINCE_ISSUED && !issued.orElse(now).isAfter(oldest)) {
      return refused("iat", "older than " + rules.maxAge() + ": sign a new one for each login");
    }
    if (life == Life.UNTIL_EXPIRED
        && expiry.orElse(now).isAfter(now.plus(rules.maxAge()).plus(rules.skew()))) {
      return refused("exp", "let it expire within " + rules.maxAge());
    }
    String jti = claims.text("jti").orElse("");
    if (!JTI.matcher(jti).matches()) {
      return refused("jti", "give each one a name of its own of 1 to 128 visible ASCII characters");
    }
    return new Believed(claims, jti, until(expiry.or(() -> issued).orElse(now), issued));
  }

  private Instant until(Instant expiry, Optional<Instant> issued) {
    Instant end =
        life == Life.SINCE_ISSUED
            ? issued.map(i -> i.plus(rules.maxAge())).filter(expiry::isAfter).orElse(expiry)
            : expiry;
    return end.plus(rules.skew());
  }

  static List<String> audience(JsonMembers claims) {
    return claims.text("aud").map(List::of).or(() -> claims.texts("aud")).orElse(List.of());
  }

  private static NotBelieved refused(String claim, String mend) {
    return new NotBelieved(new Refused(claim, mend));
  }
}
