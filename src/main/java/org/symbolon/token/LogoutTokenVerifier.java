package org.symbolon.token;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.events.Notice;
import org.symbolon.events.SignedEvents;
import org.symbolon.session.LoginProofs;
import org.symbolon.session.SecretText;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/** Judges logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.6). */
public final class LogoutTokenVerifier implements SignedEvents {
  static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final Logger LOG = LoggerFactory.getLogger(LogoutTokenVerifier.class);

  private final Map<String, Provider> providers = new HashMap<>();
  private final SignedProof proof;
  private final Duration skew;
  private final Executor executor;
  private final InstantSource clock;

  /**
   * An issuer whose logout tokens are taken.
   *
   * @param audience the client ID by which it knows this service
   */
  public record Provider(TrustedIssuer issuer, String audience) {}

  /**
   * @param maxAge how old {@code iat} may be
   * @param skew how far the providers' clocks may be off
   * @param executor does the signatures and may block for a fetch of keys
   */
  public LogoutTokenVerifier(
      List<Provider> providers,
      Duration maxAge,
      Duration skew,
      Executor executor,
      InstantSource clock) {
    providers.forEach(provider -> this.providers.put(provider.issuer().issuer(), provider));
    this.proof =
        new SignedProof(
            new ProofRules(
                providers.stream().map(Provider::audience).collect(Collectors.toSet()),
                maxAge,
                skew,
                Set.of("logout+jwt")),
            SignedProof.Life.SINCE_ISSUED);
    this.skew = skew;
    this.executor = executor;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Judgement> judge(SecretText token) {
    try {
      return CompletableFuture.supplyAsync(() -> judge(token.reveal()), executor)
          .exceptionally(LogoutTokenVerifier::failed);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedStage(failed(e));
    }
  }

  private static Judgement failed(Throwable fault) {
    // A node that is at its limit says so elsewhere, and not for each one that it turns away.
    if (!(fault instanceof RejectedExecutionException)) {
      LOG.error("a logout token could not be judged", fault);
    }
    return new Unreachable("not judged: " + fault.getClass().getSimpleName());
  }

  private Judgement judge(String compact) {
    Instant now = clock.instant();
    return switch (proof.judge(compact, now, claims -> provider(claims).map(this::signer))) {
      case SignedProof.NotBelieved(LoginProofs.Refused(String claim, String mend)) ->
          new Refused(claim, mend);
      case SignedProof.NoKeys(var outage) -> new Unreachable(outage.cause());
      case SignedProof.Believed believed -> genuine(believed);
    };
  }

  private Optional<Provider> provider(JsonMembers claims) {
    return claims.text("iss").map(providers::get);
  }

  private SignedProof.Signer signer(Provider provider) {
    return new SignedProof.Signer(provider.issuer().keys(), provider.issuer().algorithms());
  }

  private Judgement genuine(SignedProof.Believed believed) {
    JsonMembers claims = believed.claims();
    Provider provider = provider(claims).orElseThrow();
    if (!SignedProof.audience(claims).contains(provider.audience())) {
      return new Refused("aud", "name the client ID that is set for this issuer");
    }
    if (claims.object("events").flatMap(events -> events.object(EVENT)).isEmpty()) {
      return new Refused("events", "send an object with the member " + EVENT + ", an object");
    }
    if (claims.has("nonce")) {
      return new Refused("nonce", "leave it out: with it this could be an ID token");
    }
    if (!claims.has("sub") && claims.has("sid")) {
      return new Refused("sub", "send it too: by a sid alone no session is known here");
    }
    String subject = claims.text("sub").orElse("");
    if (!Subject.isValid(subject)) {
      return new Refused("sub", "name the subject in 1 to 255 visible ASCII characters");
    }
    Set<Tenant> tenants = tenants(claims, provider.issuer().tenants());
    if (tenants.isEmpty()) {
      return new Refused("tenant", "name one that this issuer is set to speak for, or none");
    }
    return new Genuine(
        new Notice(
            provider.issuer().issuer(),
            believed.jti(),
            believed.until(),
            Notice.Kind.LOGOUT,
            tenants,
            Optional.of(new Subject(subject)),
            claims.date("iat").orElseThrow().plus(skew)));
  }

  /** All of the issuer's where none is named: a subject is one person in each of them. */
  private static Set<Tenant> tenants(JsonMembers claims, Set<Tenant> all) {
    if (!claims.has("tenant")) {
      return all;
    }
    return claims
        .text("tenant")
        .filter(Tenant::isValid)
        .map(Tenant::new)
        .filter(all::contains)
        .map(Set::of)
        .orElse(Set.of());
  }
}
