package org.symbolon.events;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.Presenter;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.SecretText;

/**
 * Lets signed events take effect, each once. An event counts as seen only when its effect is
 * acknowledged, so that what its sender sends again after an outage is not refused.
 */
public final class ReceiveEvents {
  private final SignedEvents events;
  private final EventGuard guard;
  private final Function<Notice, Effect> effects;
  private final EndSubject end;
  private final PlanCampaign plan;
  private final AuditTrail audit;
  private final InstantSource clock;

  /**
   * @param effects what follows from an event about somebody
   * @param reason of the sessions' end
   */
  public ReceiveEvents(
      SignedEvents events,
      EventGuard guard,
      Function<Notice, Effect> effects,
      RevokeSessions revoke,
      RevocationReason reason,
      PlanCampaign plan,
      AuditTrail audit,
      InstantSource clock) {
    this.events = events;
    this.guard = guard;
    this.effects = effects;
    this.plan = plan;
    this.end = new EndSubject(revoke, reason);
    this.audit = audit;
    this.clock = clock;
  }

  /** The outcome. */
  public sealed interface Receipt
      permits Taken, Repeated, SignedEvents.Refused, SignedEvents.Unreachable {}

  /** What it asks for is done and acknowledged. */
  public record Taken() implements Receipt {}

  /** It was taken before, and nothing was changed. */
  public record Repeated() implements Receipt {}

  /** Judges an event and does what it asks for. */
  public CompletionStage<Receipt> receive(SecretText token, Presenter presenter) {
    return events
        .judge(token)
        .thenCompose(
            judgement ->
                switch (judgement) {
                  case SignedEvents.Genuine(Notice notice) -> once(notice, presenter);
                  case SignedEvents.Refused refused -> {
                    record(
                        AuditEvent.Action.EVENT_REFUSED,
                        presenter,
                        Map.of("claim", refused.claim()),
                        Optional.empty());
                    yield done(refused);
                  }
                  case SignedEvents.Unreachable outage -> done(outage);
                });
  }

  private static CompletionStage<Receipt> done(Receipt receipt) {
    return CompletableFuture.completedStage(receipt);
  }

  private CompletionStage<Receipt> once(Notice notice, Presenter presenter) {
    return guard
        .begin(notice.sender(), notice.jti())
        .thenCompose(
            entry ->
                switch (entry) {
                  case FIRST -> first(notice, presenter);
                  case REPEATED -> {
                    record(
                        AuditEvent.Action.EVENT_REFUSED,
                        presenter,
                        told(notice, "repeated"),
                        Optional.of(notice));
                    yield done(new Repeated());
                  }
                  case UNDER_WAY -> done(new SignedEvents.Unreachable("the event is under way"));
                  case UNREACHABLE -> done(new SignedEvents.Unreachable("event: no store"));
                });
  }

  private CompletionStage<Receipt> first(Notice notice, Presenter presenter) {
    Effect effect = notice.subject().isEmpty() ? Effect.IGNORE : effects.apply(notice);
    return apply(effect, notice, presenter)
        .thenCompose(
            obstacle ->
                obstacle.isPresent()
                    ? guard
                        .release(notice.sender(), notice.jti())
                        .thenApply(_ -> new SignedEvents.Unreachable(obstacle.get()))
                    : guard
                        .keep(notice.sender(), notice.jti(), notice.until())
                        .thenApply(isKept -> kept(isKept, effect, notice, presenter)));
  }

  /** Does what follows from an event; tells what stood in the way. */
  private CompletionStage<Optional<String>> apply(
      Effect effect, Notice notice, Presenter presenter) {
    return notice
        .subject()
        .map(
            subject ->
                switch (effect) {
                  case REVOKE -> end.of(notice, subject, presenter);
                  case CAMPAIGN -> plan.of(notice, subject, presenter);
                  case IGNORE -> nothing();
                })
        .orElseGet(ReceiveEvents::nothing);
  }

  private static CompletionStage<Optional<String>> nothing() {
    return CompletableFuture.completedStage(Optional.empty());
  }

  private Receipt kept(boolean isKept, Effect effect, Notice notice, Presenter presenter) {
    if (!isKept) {
      return new SignedEvents.Unreachable("event: its end is not kept");
    }
    record(
        AuditEvent.Action.EVENT_TAKEN, presenter, told(notice, effect.code()), Optional.of(notice));
    return new Taken();
  }

  private static Map<String, String> told(Notice notice, String outcome) {
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("sender", notice.sender());
    detail.put("jti", notice.jti());
    detail.put("kind", notice.kind().code());
    detail.put("outcome", outcome);
    return detail;
  }

  private void record(
      AuditEvent.Action action,
      Presenter presenter,
      Map<String, String> detail,
      Optional<Notice> notice) {
    audit.record(
        new AuditEvent(
            clock.instant(),
            action,
            notice
                .map(Notice::tenants)
                .filter(tenants -> tenants.size() == 1)
                .map(tenants -> tenants.iterator().next()),
            notice.flatMap(Notice::subject),
            Optional.empty(),
            presenter,
            detail));
  }
}
