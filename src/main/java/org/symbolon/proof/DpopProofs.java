package org.symbolon.proof;

import com.nimbusds.jose.JOSEObjectType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingProofs;
import org.symbolon.session.Evidence;
import org.symbolon.session.KeyProofs;
import org.symbolon.session.Reason;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.Seals;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;
import org.symbolon.session.Unavailable;

/**
 * Demonstrating Proof of Possession (RFC 9449), by the twelve checks of section 4.3. A nonce is
 * always asked for. What costs little comes first, and a proof is used up when all else is good.
 */
public final class DpopProofs implements KeyProofs, BindingProofs {
  private static final Logger LOG = LoggerFactory.getLogger(DpopProofs.class);
  private static final ProofJwt.Form FORM =
      new ProofJwt.Form(new JOSEObjectType("dpop+jwt"), DpopKey.ALGORITHMS);
  private static final Pattern JTI = Pattern.compile("[!-~]{1,128}");

  /** How old a proof may be. */
  private static final Duration AGE = Duration.ofMinutes(5);

  /** How far the signer's clock may be ahead. */
  private static final Duration SKEW = Duration.ofSeconds(30);

  private final Nonces nonces;
  private final ReplayGuard replays;
  private final InstantSource clock;
  private final Executor executor;

  /**
   * @param executor does the signatures
   */
  public DpopProofs(Seals seals, ReplayGuard replays, InstantSource clock, Executor executor) {
    this.nonces = new Nonces(seals);
    this.replays = replays;
    this.clock = clock;
    this.executor = executor;
  }

  @Override
  public String nonce() {
    return nonces.make(clock.instant());
  }

  @Override
  public CompletionStage<Judged> judge(Evidence.Sent sent) {
    return judge(sent, Optional.empty(), Optional.empty(), clock.instant());
  }

  @Override
  public CompletionStage<Finding> judge(
      Session session, Binding binding, Evidence evidence, Supplier<SecretText> id, Instant now) {
    Optional<Evidence.Sent> sent = evidence.sent();
    if (sent.isEmpty() || sent.get().proofs().isEmpty()) {
      return CompletableFuture.completedStage(new NotProved(Reason.BINDING_MISSING));
    }
    return judge(sent.get(), Optional.of(binding.key()), Optional.of(id.get()), now)
        .thenApply(
            judged ->
                switch (judged) {
                  case Holder _ -> new Proved();
                  case Faulty faulty -> new NotProved(faulty.reason(), faulty.claim());
                  case Unavailable outage -> outage;
                });
  }

  /**
   * @param thumbprint of the key that it has to be; of any where empty
   * @param id the session ID that the proof has to name
   */
  private CompletionStage<Judged> judge(
      Evidence.Sent sent, Optional<String> thumbprint, Optional<SecretText> id, Instant now) {
    if (sent.proofs().size() != 1) {
      return invalid("DPoP", "send exactly one field DPoP");
    }
    return switch (ProofJwt.read(sent.proofs().getFirst(), FORM)) {
      case ProofJwt.Faulty(String parameter, String mend) -> invalid(parameter, mend);
      case ProofJwt.Read(ProofJwt proof) -> {
        Optional<DpopKey> key =
            proof.broughtKey().flatMap(jwk -> DpopKey.of(jwk, proof.algorithm()));
        Optional<Faulty> fault =
            key.isEmpty()
                ? fault("jwk", "bring the public key, of the kind that alg needs")
                : fault(proof, sent, id, now);
        if (fault.isPresent()) {
          yield CompletableFuture.completedStage(fault.get());
        }
        yield thumbprint.isPresent() && !isSame(thumbprint.get(), key.get().thumbprint())
            ? faulty(Reason.BINDING_WRONG, "jwk", "sign with the key that the session is bound to")
            : verified(proof, key.get(), now);
      }
    };
  }

  /** What is wrong with the claims. */
  private Optional<Faulty> fault(
      ProofJwt proof, Evidence.Sent sent, Optional<SecretText> id, Instant now) {
    if (!JTI.matcher(proof.jti()).matches()) {
      return fault("jti", "give each a name of its own of 1 to 128 visible ASCII characters");
    }
    if (!proof.text("htm").equals(sent.method())) {
      return fault("htm", "name the request's method");
    }
    if (sent.address().filter(asked -> Htu.isSame(proof.text("htu"), asked)).isEmpty()) {
      return fault("htu", "name the request's address without query and fragment");
    }
    Optional<Instant> issued = proof.date("iat");
    if (issued.isEmpty() || issued.get().isAfter(now.plus(SKEW))) {
      return fault("iat", "say in seconds since 1970 when it was made, and compare the clocks");
    }
    if (!now.isBefore(issued.get().plus(AGE))) {
      return Optional.of(new Faulty(Reason.BINDING_STALE, "iat", "make a proof for each request"));
    }
    if (id.isPresent() && !isSame(proof.text("ath"), hash(id.get()))) {
      return fault("ath", "send the SHA-256 of the session ID in base64url");
    }
    return nonces.isGood(proof.text("nonce"), now)
        ? Optional.empty()
        : Optional.of(
            new Faulty(
                Reason.USE_DPOP_NONCE, "nonce", "name the value of this answer's DPoP-Nonce"));
  }

  private CompletionStage<Judged> verified(ProofJwt proof, DpopKey key, Instant now) {
    try {
      return CompletableFuture.supplyAsync(() -> key.verifies(proof), executor)
          .thenCompose(
              isGood ->
                  isGood
                      ? replays
                          .claim("dpop " + key.thumbprint(), proof.jti(), now.plus(AGE).plus(SKEW))
                          .thenApply(claim -> claimed(claim, key))
                      : invalid("DPoP", "sign with the key that the proof brings"))
          .exceptionally(DpopProofs::failed);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedStage(failed(e));
    }
  }

  private static Judged claimed(ReplayGuard.Claim claim, DpopKey key) {
    return switch (claim) {
      case ReplayGuard.Fresh _ -> new Holder(key.thumbprint());
      case ReplayGuard.Seen _ ->
          new Faulty(Reason.BINDING_REPLAYED, "jti", "make a proof for each request");
      case Unavailable outage -> outage;
    };
  }

  private static Judged failed(Throwable fault) {
    if (!(fault instanceof RejectedExecutionException)) {
      LOG.error("a DPoP proof could not be judged", fault);
    }
    return new Unavailable("proof not judged: " + fault.getClass().getSimpleName());
  }

  /** RFC 9449 section 4.2: base64url of the SHA-256 of the token's ASCII characters. */
  private static String hash(SecretText id) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(id.reveal().getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Faulty> fault(String claim, String mend) {
    return Optional.of(new Faulty(Reason.INVALID_DPOP_PROOF, claim, mend));
  }

  private static CompletionStage<Judged> invalid(String claim, String mend) {
    return faulty(Reason.INVALID_DPOP_PROOF, claim, mend);
  }

  private static CompletionStage<Judged> faulty(Reason reason, String claim, String mend) {
    return CompletableFuture.completedStage(new Faulty(reason, claim, mend));
  }
}
