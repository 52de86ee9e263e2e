package org.symbolon.session;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Decides what becomes of a request by what its session is bound to: the one place where a proof
 * and the policy meet. A session that is bound stays so; leaving evidence out makes it no other.
 */
public final class BindingJudge {
  private final Policy policy;
  private final Map<Binding.Kind, BindingProofs> proofs;
  private final AuditTrail audit;
  private final Indicators indicators;
  private final RefusalTally tally;
  private final InstantSource clock;

  /**
   * @param proofs a verifier of each kind
   */
  public BindingJudge(
      Policy policy,
      Map<Binding.Kind, BindingProofs> proofs,
      AuditTrail audit,
      Indicators indicators,
      RefusalTally tally,
      InstantSource clock) {
    this.policy = policy;
    this.proofs = Map.copyOf(proofs);
    this.audit = audit;
    this.indicators = indicators;
    this.tally = tally;
    this.clock = clock;
  }

  /** What becomes of a request. */
  sealed interface Verdict permits Passed, Refused, Unavailable {}

  record Passed() implements Verdict {}

  record Refused(Reason reason) implements Verdict {}

  /**
   * Judges a request by what its session is bound to; tells of each that lacks its proof.
   *
   * @param id the session ID that was presented
   * @param now the store's clock
   */
  CompletionStage<Verdict> judge(
      Session session,
      Evidence evidence,
      Supplier<SecretText> id,
      Presenter presenter,
      Instant now) {
    BindingPolicy rules = policy.binding(session.tenant());
    if (session.binding().isEmpty()) {
      boolean isLate = rules.required() && !now.isBefore(session.issuedAt().plus(rules.grace()));
      return CompletableFuture.completedStage(
          isLate
              ? react(session, "none", unbound(), rules.strictest(), presenter, now)
              : new Passed());
    }
    Binding binding = session.binding().get();
    BindingPolicy.Rung rung = rules.rung(binding.kind());
    BindingProofs verifier = proofs.get(binding.kind());
    if (rung == BindingPolicy.Rung.OFF) {
      return CompletableFuture.completedStage(new Passed());
    }
    if (verifier == null) {
      return CompletableFuture.completedStage(
          new Unavailable("no verifier of " + binding.kind().code()));
    }
    return verifier
        .judge(session, binding, evidence, id, now)
        .thenApply(
            finding ->
                switch (finding) {
                  case BindingProofs.Proved _ -> new Passed();
                  case BindingProofs.NotProved missing
                      when missing.reason() == Reason.BINDING_MISSING && binding.isUnderWay(now) ->
                      new Passed();
                  case BindingProofs.NotProved notProved ->
                      react(session, binding.kind().code(), notProved, rung, presenter, now);
                  case Unavailable outage -> outage;
                });
  }

  private static BindingProofs.NotProved unbound() {
    return new BindingProofs.NotProved(Reason.UNBOUND);
  }

  /** Whether every request of a session is answered alike, whatever it shows and when it comes. */
  boolean isIndifferent(Session session) {
    BindingPolicy rules = policy.binding(session.tenant());
    return session
        .binding()
        .map(binding -> rules.rung(binding.kind()) == BindingPolicy.Rung.OFF)
        .orElse(!rules.required());
  }

  /**
   * What judges a session's requests from memory, each that it lets in being one that {@link
   * #judge} would; empty where they are left to that.
   */
  Optional<QuickProof> quick(Session session) {
    if (isIndifferent(session)) {
      return Optional.of(QuickProof.NONE_NEEDED);
    }
    return session
        .binding()
        .flatMap(
            binding ->
                Optional.ofNullable(proofs.get(binding.kind()))
                    .flatMap(verifier -> verifier.quick(session, binding)));
  }

  private Verdict react(
      Session session,
      String kind,
      BindingProofs.NotProved notProved,
      BindingPolicy.Rung rung,
      Presenter presenter,
      Instant now) {
    if (rung == BindingPolicy.Rung.OFF) {
      return new Passed();
    }
    Reason reason = notProved.reason();
    indicators.unproved(kind, reason.code(), rung.code());
    tally.count(session, kind);
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("binding", kind);
    detail.put("reason", reason.code());
    detail.put("reaction", rung.code());
    if (!notProved.fault().isEmpty()) {
      detail.put("fault", notProved.fault());
    }
    audit.record(
        AuditEvent.of(
            session, clock.instant(), AuditEvent.Action.SESSION_UNPROVED, presenter, detail));
    return switch (rung) {
      case OFF, OBSERVE -> new Passed();
      case STEP_UP ->
          session.authentication().time().plus(BindingPolicy.STEP_UP_AGE).isAfter(now)
              ? new Passed()
              : new Refused(Reason.STEP_UP);
      case ENFORCE -> new Refused(reason);
    };
  }
}
