package org.symbolon.token;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.symbolon.session.Authentication;
import org.symbolon.session.LoginProofs;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.SecretText;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

/** Judges the assertions of a list of issuers, each by its own keys and algorithms. */
public final class AssertionVerifier implements LoginProofs {
  private final Map<String, TrustedIssuer> issuers = new HashMap<>();
  private final ProofRules rules;
  private final SignedProof proof;
  private final InstantSource clock;
  private final OneTime<Proof> oneTime;

  /**
   * @param executor does the signatures and may block for a fetch of keys, so one of virtual
   *     threads fits
   * @throws IllegalArgumentException where an issuer is named twice
   */
  public AssertionVerifier(
      List<TrustedIssuer> issuers,
      ProofRules rules,
      ReplayGuard replays,
      Executor executor,
      InstantSource clock) {
    for (TrustedIssuer issuer : issuers) {
      if (this.issuers.put(issuer.issuer(), issuer) != null) {
        throw new IllegalArgumentException("issuer: " + issuer.issuer() + " is named twice");
      }
    }
    this.rules = rules;
    this.proof = new SignedProof(rules, SignedProof.Life.SINCE_ISSUED);
    this.clock = clock;
    this.oneTime =
        new OneTime<>(
            replays,
            executor,
            new Refused("jti", "sign a new assertion for each login: this one was used"),
            outage -> outage);
  }

  @Override
  public CompletionStage<Proof> verify(SecretText assertion) {
    return oneTime.judge(() -> judge(assertion.reveal()));
  }

  private OneTime.Judged<Proof> judge(String compact) {
    Instant now = clock.instant();
    return switch (proof.judge(compact, now, claims -> issuer(claims).map(this::signer))) {
      case SignedProof.NotBelieved(Refused why) -> new OneTime.Settled<>(why);
      case SignedProof.NoKeys(Unavailable outage) -> new OneTime.Settled<>(outage);
      case SignedProof.Believed believed -> proven(believed, now);
    };
  }

  private Optional<TrustedIssuer> issuer(JsonMembers claims) {
    return claims.text("iss").map(issuers::get);
  }

  private SignedProof.Signer signer(TrustedIssuer issuer) {
    return new SignedProof.Signer(issuer.keys(), issuer.algorithms());
  }

  private OneTime.Judged<Proof> proven(SignedProof.Believed believed, Instant now) {
    JsonMembers claims = believed.claims();
    if (claims.has("events")) {
      // A logout token has the issuer's signature and all that a login's assertion needs.
      return refused("events", "leave it out: what tells of an event logs nobody in");
    }
    TrustedIssuer issuer = issuer(claims).orElseThrow();
    String subject = claims.text("sub").orElse("");
    if (!Subject.isValid(subject)) {
      return refused("sub", "name the subject in 1 to 255 visible ASCII characters");
    }
    Optional<Tenant> tenant = tenant(claims, issuer.tenancy());
    if (tenant.isEmpty()) {
      return refused("tenant", "name a tenant that this issuer is configured to speak for");
    }
    Instant authTime = claims.date(claims.has("auth_time") ? "auth_time" : "iat").orElse(null);
    if (authTime == null) {
      return refused("auth_time", "say in seconds since 1970 when the subject logged in");
    }
    if (authTime.isAfter(now.plus(rules.skew()))) {
      return refused("auth_time", "it lies in the future: compare the clocks");
    }
    String acr = claims.has("acr") ? claims.text("acr").orElse(null) : "";
    if (acr == null || !Authentication.isValidAcr(acr)) {
      return refused("acr", "use text of at most 64 visible ASCII characters, or leave it out");
    }
    List<String> amr = claims.has("amr") ? claims.texts("amr").orElse(null) : List.of();
    if (amr == null || !Authentication.isValidAmr(amr)) {
      return refused(
          "amr",
          "use an array of at most 8 texts of 1 to 16 visible ASCII characters without commas");
    }
    // Within the skew a signer's clock may run ahead; ours decides what is past.
    Instant time = authTime.isAfter(now) ? now : authTime;
    return new OneTime.Pending<>(
        new Proven(
            issuer.issuer(),
            tenant.get(),
            new Subject(subject),
            new Authentication(time, acr, amr),
            issuer.clientClass()),
        issuer.issuer(),
        believed.jti(),
        believed.until());
  }

  private static Optional<Tenant> tenant(JsonMembers claims, TrustedIssuer.Tenancy tenancy) {
    Optional<Tenant> claimed = claims.text("tenant").filter(Tenant::isValid).map(Tenant::new);
    return switch (tenancy) {
      case TrustedIssuer.Fixed(Tenant fixed) ->
          claims.has("tenant") ? claimed.filter(fixed::equals) : Optional.of(fixed);
      case TrustedIssuer.Claimed(var allowed) -> claimed.filter(allowed::contains);
    };
  }

  private static OneTime.Settled<Proof> refused(String claim, String mend) {
    return new OneTime.Settled<>(new Refused(claim, mend));
  }
}
