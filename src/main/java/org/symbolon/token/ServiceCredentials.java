package org.symbolon.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.LoginProofs.Refused;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.SecretText;
import org.symbolon.session.Services;
import org.symbolon.session.Unavailable;

/**
 * Knows backends by a bearer key {@code <id>.<secret>}, of which a hash is kept, or by a JWT that
 * they sign themselves ({@code private_key_jwt}, RFC 7523 section 3).
 */
public final class ServiceCredentials implements Services {
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_~+/=-]{32,256}");
  private static final Caller UNKNOWN =
      new Unknown("send <id>.<secret> of a configured credential, or a signed JWT");

  /** What an unknown id is compared with, so that it takes as long as a known one. */
  private static final byte[] NOBODY = new byte[32];

  private final Map<String, Credential> credentials = new HashMap<>();
  private final Map<String, SigningBackend> backends = new HashMap<>();
  private final SignedProof proof;
  private final InstantSource clock;
  private final OneTime<Caller> oneTime;

  /**
   * @param executor does the signatures and may block for a fetch of keys, so one of virtual
   *     threads fits
   * @throws IllegalArgumentException where two have one id
   */
  public ServiceCredentials(
      List<Credential> credentials,
      List<SigningBackend> backends,
      ProofRules rules,
      ReplayGuard replays,
      Executor executor,
      InstantSource clock) {
    for (Credential credential : credentials) {
      take(this.credentials.put(credential.id(), credential), credential.id());
    }
    for (SigningBackend backend : backends) {
      take(this.backends.put(backend.id(), backend), backend.id());
      take(this.credentials.get(backend.id()), backend.id());
    }
    this.proof = new SignedProof(rules, SignedProof.Life.UNTIL_EXPIRED);
    this.clock = clock;
    this.oneTime =
        new OneTime<>(
            replays,
            executor,
            new Unknown("jti: sign a new JWT for each request, this one was used"),
            outage -> outage);
  }

  private static void take(@Nullable Object taken, String id) {
    if (taken != null) {
      throw new IllegalArgumentException("id: " + id + " is given twice");
    }
  }

  @Override
  public CompletionStage<Caller> authenticate(SecretText credential) {
    String text = credential.reveal();
    int dot = text.indexOf('.');
    if (dot >= 0 && text.indexOf('.', dot + 1) >= 0) {
      return oneTime.judge(() -> judge(text));
    }
    return CompletableFuture.completedStage(dot < 0 ? UNKNOWN : bearer(text, dot));
  }

  private Caller bearer(String text, int dot) {
    String secret = text.substring(dot + 1);
    if (!SECRET.matcher(secret).matches()) {
      return UNKNOWN;
    }
    Credential credential = credentials.get(text.substring(0, dot));
    byte[] expected = credential == null ? NOBODY : HexFormat.of().parseHex(credential.sha256());
    boolean isEqual = MessageDigest.isEqual(expected, sha256(secret));
    return credential != null && isEqual
        ? new Service(
            credential.id(), credential.scopes(), credential.tenants(), credential.roles())
        : UNKNOWN;
  }

  private OneTime.Judged<Caller> judge(String compact) {
    Instant now = clock.instant();
    return switch (proof.judge(compact, now, claims -> backend(claims).map(this::signer))) {
      case SignedProof.NotBelieved(Refused(String claim, String mend)) ->
          new OneTime.Settled<>(new Unknown(claim + ": " + mend));
      case SignedProof.NoKeys(Unavailable outage) -> new OneTime.Settled<>(outage);
      case SignedProof.Believed believed -> {
        SigningBackend backend = backend(believed.claims()).orElseThrow();
        yield new OneTime.Pending<>(
            new Service(backend.id(), backend.scopes(), backend.tenants(), backend.roles()),
            // Apart from the issuers' names, which may be the same words.
            "backend " + backend.id(),
            believed.jti(),
            believed.until());
      }
    };
  }

  /** The backend that the claims say they come from, as issuer and as subject. */
  private Optional<SigningBackend> backend(JsonMembers claims) {
    return claims
        .text("iss")
        .filter(iss -> claims.text("sub").filter(iss::equals).isPresent())
        .map(backends::get);
  }

  private SignedProof.Signer signer(SigningBackend backend) {
    return new SignedProof.Signer(backend.keys(), backend.algorithms());
  }

  private static byte[] sha256(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(secret.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
