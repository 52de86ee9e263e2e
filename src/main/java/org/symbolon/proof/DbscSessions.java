package org.symbolon.proof;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;
import org.symbolon.session.BindingProofs;
import org.symbolon.session.DeviceSessions;
import org.symbolon.session.Evidence;
import org.symbolon.session.Handle;
import org.symbolon.session.Policy;
import org.symbolon.session.QuickProof;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.Seals;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Unavailable;

/**
 * Device Bound Session Credentials: registration and refresh, and the judgement of the cookie that
 * comes of them. A browser's session is known by the session's handle.
 */
public final class DbscSessions implements DeviceSessions, BindingProofs {
  private static final Logger LOG = LoggerFactory.getLogger(DbscSessions.class);

  /** How long a browser may take to make a key; some TPMs need 20 seconds. */
  private static final Duration REGISTRATION = Duration.ofMinutes(5);

  private final SessionStore store;
  private final Policy policy;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final Executor executor;
  private final DbscWire wire;
  private final BoundCookie cookie;
  private final Challenges challenges;

  /**
   * @param cookieAttributes of the bound cookie, as {@link DbscWire} needs them
   * @param executor does the signatures
   * @param site whose hosts share the sessions; empty where they are of one origin
   */
  public DbscSessions(
      SessionStore store,
      Policy policy,
      Seals seals,
      ReplayGuard replays,
      AuditTrail audit,
      InstantSource clock,
      SecureRandom random,
      Executor executor,
      String cookieName,
      String cookieAttributes,
      Optional<DbscSite> site) {
    this.store = store;
    this.policy = policy;
    this.audit = audit;
    this.clock = clock;
    this.executor = executor;
    this.wire = new DbscWire(cookieName, cookieAttributes, site);
    this.cookie = new BoundCookie(cookieName, seals);
    this.challenges = new Challenges(seals, replays, random);
  }

  @Override
  public Map<String, String> offer(Session session) {
    return isOff(session) || session.binding().isPresent()
        ? Map.of()
        : wire.offer(
            challenges.make(
                Sealed.Purpose.REGISTRATION, session, session.issuedAt(), REGISTRATION));
  }

  private boolean isOff(Session session) {
    return policy.binding(session.tenant()).rung(Binding.Kind.DBSC) == BindingPolicy.Rung.OFF;
  }

  @Override
  public CompletionStage<Finding> judge(
      Session session, Binding binding, Evidence evidence, Supplier<SecretText> id, Instant now) {
    return CompletableFuture.completedStage(cookie.judge(session, evidence.cookieFields(), now));
  }

  @Override
  public Optional<QuickProof> quick(Session session, Binding binding) {
    return Optional.of(new KnownProof(cookie, session));
  }

  @Override
  public Optional<String> wellKnown() {
    return wire.wellKnown();
  }

  @Override
  public CompletionStage<Answer> register(Request request) {
    Optional<String> text = DbscWire.one(request.fields(), DbscWire.PROOF);
    if (text.isEmpty()) {
      return refused(DbscWire.PROOF, "send exactly one, with the proof of the key");
    }
    return switch (ProofJwt.read(text.get(), DbscWire.FORM)) {
      case ProofJwt.Faulty(String parameter, String mend) -> refused(parameter, mend);
      case ProofJwt.Read(ProofJwt proof) -> {
        Optional<DeviceKey> key =
            proof.broughtKey().flatMap(jwk -> DeviceKey.of(jwk, proof.algorithm()));
        Optional<Handle> handle = Challenges.handle(proof.jti());
        if (key.isEmpty()) {
          yield refused("jwk", "bring a P-256 key, or an RSA key of 2048 to 4096 bits, of alg");
        }
        yield handle.isEmpty()
            ? staleOffer()
            : found(
                handle.get(),
                (session, now) -> register(request, proof, key.get(), session, now),
                DbscSessions::staleOffer);
      }
    };
  }

  /** Tells nothing of whether there is such a session. */
  private static CompletionStage<Answer> staleOffer() {
    return refused("jti", "the challenge is no good any more: log in for another");
  }

  private CompletionStage<Answer> register(
      Request request, ProofJwt proof, DeviceKey key, Session session, Instant now) {
    String challenge = proof.jti();
    if (isOff(session)
        || !challenges.isGood(challenge, Sealed.Purpose.REGISTRATION, session, now)) {
      return staleOffer();
    }
    Binding binding = new Binding(Binding.Kind.DBSC, now, key.text());
    return verified(
        request,
        proof,
        key,
        session,
        claim ->
            switch (claim) {
              case ReplayGuard.Seen _ -> staleOffer();
              case Unavailable outage -> done(outage);
              case ReplayGuard.Fresh _ ->
                  store
                      .bind(session.handle(), binding)
                      .thenCompose(fastening -> fastened(request, fastening, session, now));
            });
  }

  private CompletionStage<Answer> fastened(
      Request request, SessionStore.Fastening fastening, Session session, Instant now) {
    return switch (fastening) {
      case SessionStore.Fastened(Session bound) -> {
        record(AuditEvent.Action.SESSION_BOUND, request, bound, Map.of("binding", "dbsc"));
        yield done(proved(bound, now));
      }
      case SessionStore.Taken _ -> {
        refuse(request, session, "jwk");
        yield refused("jwk", "the session has its key already: log in anew for another");
      }
      case SessionStore.Ended _, SessionStore.Absent _ -> staleOffer();
      case Unavailable outage -> done(outage);
    };
  }

  @Override
  public CompletionStage<Answer> refresh(Request request) {
    Optional<Handle> handle =
        DbscWire.one(request.fields(), DbscWire.SESSION).flatMap(Handle::parse);
    if (handle.isEmpty()) {
      return refused(DbscWire.SESSION, "send exactly one, with the session_identifier");
    }
    return found(
        handle.get(), (session, now) -> refresh(request, session, now), () -> over(handle.get()));
  }

  private CompletionStage<Answer> refresh(Request request, Session session, Instant now) {
    Optional<DeviceKey> key =
        session
            .binding()
            .filter(binding -> binding.kind() == Binding.Kind.DBSC)
            .flatMap(binding -> DeviceKey.read(binding.key()));
    if (key.isEmpty()) {
      return over(session.handle());
    }
    if (request.fields().of(DbscWire.PROOF).isEmpty()) {
      return challenged(session, now);
    }
    Optional<String> text = DbscWire.one(request.fields(), DbscWire.PROOF);
    if (text.isEmpty()) {
      return refused(DbscWire.PROOF, "send at most one, with the proof of the key");
    }
    return switch (ProofJwt.read(text.get(), DbscWire.FORM)) {
      case ProofJwt.Faulty(String parameter, String mend) -> refused(parameter, mend);
      case ProofJwt.Read(ProofJwt proof) -> {
        if (proof.broughtKey().isPresent()) {
          refuse(request, session, "jwk");
          yield refused("jwk", "leave the key out: the session has its own");
        }
        yield challenges.isGood(proof.jti(), Sealed.Purpose.REFRESH, session, now)
            ? refresh(request, proof, key.get(), session, now)
            : challenged(session, now);
      }
    };
  }

  private CompletionStage<Answer> refresh(
      Request request, ProofJwt proof, DeviceKey key, Session session, Instant now) {
    return verified(
        request,
        proof,
        key,
        session,
        claim ->
            switch (claim) {
              // A browser whose answer was lost sends the same proof again: no sign of a thief.
              case ReplayGuard.Seen _ -> challenged(session, now);
              case ReplayGuard.Fresh _ -> done(proved(session, now));
              case Unavailable outage -> done(outage);
            });
  }

  /** Verifies off the caller's thread, and then uses the challenge up. */
  private CompletionStage<Answer> verified(
      Request request,
      ProofJwt proof,
      DeviceKey key,
      Session session,
      Function<ReplayGuard.Claim, CompletionStage<Answer>> then) {
    if (!proof.isFor(request.endpoint())) {
      return refused("aud", "name the address that the proof is sent to, or leave it out");
    }
    try {
      return CompletableFuture.supplyAsync(() -> key.verifies(proof), executor)
          .thenCompose(
              isGood -> {
                if (!isGood) {
                  refuse(request, session, "signature");
                  return refused(DbscWire.PROOF, "sign the challenge with the session's key");
                }
                return challenges.use(proof.jti()).thenCompose(then);
              })
          .exceptionally(DbscSessions::failed);
    } catch (RejectedExecutionException e) {
      return done(failed(e));
    }
  }

  private static Answer failed(Throwable fault) {
    if (!(fault instanceof RejectedExecutionException)) {
      LOG.error("a device's proof could not be judged", fault);
    }
    return new Unavailable("proof not judged: " + fault.getClass().getSimpleName());
  }

  /** Tells the settings each time: a browser that has others from before proves its key at once. */
  private Answer proved(Session session, Instant now) {
    Duration age = policy.binding(session.tenant()).refresh();
    return new Bound(
        challenge(session, now),
        wire.config(session.handle().toString()),
        cookie.issue(session, now, age),
        age);
  }

  private CompletionStage<Answer> challenged(Session session, Instant now) {
    return done(new Challenged(challenge(session, now)));
  }

  /** Good until the browser has to prove its key again, and a while longer. */
  private Map<String, String> challenge(Session session, Instant now) {
    Duration life = policy.binding(session.tenant()).refresh().plus(REGISTRATION);
    return DbscWire.challenge(
        challenges.make(Sealed.Purpose.REFRESH, session, now, life), session.handle().toString());
  }

  /** What to do with a live session. */
  @FunctionalInterface
  private interface Step {
    CompletionStage<Answer> take(Session session, Instant now);
  }

  private CompletionStage<Answer> found(
      Handle handle, Step live, Supplier<CompletionStage<Answer>> gone) {
    return store
        .find(handle)
        .thenCompose(
            finding ->
                switch (finding) {
                  case SessionStore.Found(Session session, Instant now)
                      when !session.isExpired(now) ->
                      live.take(session, now);
                  case SessionStore.Found _, SessionStore.Ended _, SessionStore.Absent _ ->
                      gone.get();
                  case Unavailable outage -> done(outage);
                });
  }

  private void refuse(Request request, Session session, String fault) {
    record(
        AuditEvent.Action.PROOF_REFUSED,
        request,
        session,
        Map.of("binding", "dbsc", "fault", fault));
  }

  private void record(
      AuditEvent.Action action, Request request, Session session, Map<String, String> detail) {
    audit.record(AuditEvent.of(session, clock.instant(), action, request.presenter(), detail));
  }

  private static CompletionStage<Answer> refused(String field, String mend) {
    return done(new Refused(field, mend));
  }

  private static CompletionStage<Answer> over(Handle handle) {
    return done(new Over(DbscWire.over(handle.toString())));
  }

  private static CompletionStage<Answer> done(Answer answer) {
    return CompletableFuture.completedStage(answer);
  }
}
