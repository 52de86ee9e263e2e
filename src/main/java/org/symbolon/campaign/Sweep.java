package org.symbolon.campaign;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionIds;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Unavailable;

/** Ends the sessions behind a fence, batch by batch, each written down before it is ended. */
final class Sweep {
  /** To look at so many costs about what it costs to end one. */
  private static final int LOOKED_AT_FOR_ONE = 10;

  /** Written down, ended and noted at once; few, so that no core is long busy with it. */
  private static final int EVIDENCE = 500;

  /** Sent at once, between two looks at the pace: what Redis does in half a millisecond. */
  private static final int BURST = 64;

  /** Bursts under way: those that wait for a disk and a replica, and as many that come next. */
  private static final int AT_ONCE = 8;

  private final CampaignStore campaigns;
  private final SessionStore sessions;
  private final SessionIds ids;
  private final Sources sources;
  private final Criterion.NetworkHash networks;
  private final Evidence evidence;
  private final SubjectSignals signals;
  private final Health health;
  private final LongSupplier nanos;
  private final Health.Limits limits;
  private final Executor reading;
  private final String node;

  Sweep(
      CampaignStore campaigns,
      SessionStore sessions,
      SessionIds ids,
      Sources sources,
      Criterion.NetworkHash networks,
      Evidence evidence,
      SubjectSignals signals,
      Health health,
      LongSupplier nanos,
      Health.Limits limits,
      Executor reading,
      String node) {
    this.reading = reading;
    this.limits = limits;
    this.campaigns = campaigns;
    this.sessions = sessions;
    this.ids = ids;
    this.sources = sources;
    this.networks = networks;
    this.evidence = evidence;
    this.signals = signals;
    this.health = health;
    this.nanos = nanos;
    this.node = node;
  }

  /** What a fence of a campaign covers, and is alive. */
  static boolean isCovered(Session session, Instant now, Instant fencedAt) {
    return !session.isExpired(now) && !session.issuedAt().isAfter(fencedAt);
  }

  /** How a pass ended. */
  sealed interface Ending permits Whole, Early, Stopped, Pausing {}

  /** At its end. */
  record Whole() implements Ending {}

  /** At its end, where the turn of some sessions had not come. */
  record Early() implements Ending {}

  /** Before, since somebody else decided so. */
  record Stopped() implements Ending {}

  /** Before, since people should look first. */
  record Pausing(String why) implements Ending {}

  /** Makes one pass, or goes on with it. */
  Ending pass(Campaign campaign, BooleanSupplier isClosed) throws IOException {
    Selection selection = campaign.selection();
    Predicate<Session> selected = selection.compile(networks);
    Instant fencedAt = campaign.fencedAt().orElseThrow();
    Terms terms = campaign.terms();
    Gathering gathering =
        new Gathering(
            sources.of(selection),
            (session, now) ->
                isCovered(session, now, fencedAt)
                    && selected.test(session)
                    && terms.isDue(session.handle(), fencedAt, now),
            reading);
    Instant begun = campaigns.now();
    Progress progress =
        campaign
            .progress()
            .map(p -> p.position().isEmpty() ? p.again(begun, node) : p.by(node))
            .orElseGet(() -> Progress.begin(begun, node));
    Pace pace = new Pace(health::validateP99, nanos);
    Guard guard = new Guard(health, limits, nanos);
    LongSet told = new LongSet();
    long noted = nanos.getAsLong();
    while (!isClosed.getAsBoolean()) {
      long enough = pace.rate() / 2;
      Gathering.Some some = gathering.next(progress.position(), enough);
      List<Session> due = some.due();
      long before = progress.ended();
      List<Session> covered =
          campaign
              .canary()
              .map(most -> due.subList(0, Math.clamp(most - before, 0, due.size())))
              .orElse(due);
      // What the canary left is looked at again.
      boolean isCut = covered.size() < due.size();
      if (!isCut && !some.position().isEmpty()) {
        gathering.lookAhead(some.position(), enough);
      }
      CampaignWork.rest(pace.after(Math.max(0, some.scanned() / LOOKED_AT_FOR_ONE - due.size())));
      for (int from = 0; from < covered.size(); from += EVIDENCE) {
        List<Session> next = covered.subList(from, Math.min(from + EVIDENCE, covered.size()));
        progress = progress.with(end(campaign, next, some.now(), pace, told));
        Optional<Ending> early = noted(campaign, progress).or(() -> paused(guard));
        if (early.isPresent()) {
          return early.get();
        }
      }
      if (!isCut) {
        long now = nanos.getAsLong();
        progress = progress.past(some.position(), some.scanned());
        progress = pace.isSettled() ? progress.within(some.scanned(), now - noted) : progress;
        noted = now;
      }
      Optional<Ending> early = noted(campaign, progress);
      if (early.isEmpty() && !isCut && some.position().isEmpty()) {
        return terms.isOver(fencedAt, begun) ? new Whole() : new Early();
      }
      early = early.or(() -> paused(guard));
      if (early.isPresent()) {
        return early.get();
      }
    }
    return new Stopped();
  }

  private static Optional<Ending> paused(Guard guard) {
    return guard.trouble().map(Pausing::new);
  }

  /** Writes down how far it came; why to go no further, if there is a reason. */
  private Optional<Ending> noted(Campaign campaign, Progress progress) throws OutageException {
    Optional<State> state =
        campaigns.work(campaign.id(), node, Optional.of(progress.text()), CampaignWork.LEASE);
    if (state.isEmpty() || state.get() != State.SWEEPING) {
      return Optional.of(new Stopped());
    }
    if (campaign.canary().filter(most -> progress.ended() >= most).isPresent()) {
      return Optional.of(
          new Pausing("the canary: " + progress.ended() + " are ended; look, and resume"));
    }
    return Optional.empty();
  }

  /**
   * What became of some sessions.
   *
   * @param gone had ended by themselves before their turn
   */
  record Ended(int ended, int gone, int notDurable) {
    private Ended and(int sent, Revocation all) throws OutageException {
      return switch (all) {
        case Revocation.Done(int count) ->
            new Ended(ended + count, gone + sent - count, notDurable);
        case Revocation.NotDurable(int count, var _) ->
            new Ended(ended + count, gone + sent - count, notDurable + count);
        case Unavailable(String cause) -> throw new OutageException(cause);
      };
    }
  }

  private record Sent(int sessions, CompletionStage<Revocation> answer) {}

  /**
   * Ends some sessions.
   *
   * @param told the subjects that others were told of in this pass
   */
  private Ended end(Campaign campaign, List<Session> covered, Instant now, Pace pace, LongSet told)
      throws IOException {
    List<SessionStore.Named> named =
        covered.stream()
            .map(
                session ->
                    new SessionStore.Named(
                        ids.subjectKey(session.tenant(), session.subject()), session.handle()))
            .toList();
    List<String> lines = new ArrayList<>(covered.size());
    List<Session> ofOthers = new ArrayList<>();
    for (int i = 0; i < covered.size(); i++) {
      SubjectKey subject = named.get(i).subject();
      lines.add(line(campaign, covered.get(i), subject, now));
      if (told.add(subject.hash())) {
        ofOthers.add(covered.get(i));
      }
    }
    evidence.append(campaign.id(), lines);
    signals.tell(campaign, ofOthers);
    Ended ended = new Ended(0, 0, 0);
    Queue<Sent> under = new ArrayDeque<>();
    for (int from = 0; from < covered.size(); from += BURST) {
      List<SessionStore.Named> some = named.subList(from, Math.min(from + BURST, covered.size()));
      if (under.size() == AT_ONCE) {
        Sent first = under.remove();
        ended = ended.and(first.sessions(), Sources.await(first.answer()));
      }
      under.add(new Sent(some.size(), sessions.revokeEach(some, RevocationReason.CAMPAIGN)));
      CampaignWork.rest(pace.after(some.size()));
    }
    for (Sent sent : under) {
      ended = ended.and(sent.sessions(), Sources.await(sent.answer()));
    }
    return ended;
  }

  private static String line(Campaign campaign, Session session, SubjectKey subject, Instant now) {
    Masked masked = Masked.of(session);
    return "{\"campaign\":"
        + quoted(campaign.id())
        + ",\"at\":"
        + quoted(now.toString())
        + ",\"cause\":"
        + quoted(campaign.cause().code())
        + ",\"ticket\":"
        + quoted(campaign.ticket())
        + ",\"handle\":"
        + quoted(masked.handle())
        + ",\"tenant\":"
        + quoted(masked.tenant())
        + ",\"subject\":"
        + quoted(masked.subject())
        + ",\"subject_key\":"
        + quoted(HexFormat.of().toHexDigits(subject.hash()))
        + ",\"client_class\":"
        + quoted(masked.clientClass())
        + ",\"browser\":"
        + quoted(masked.browser())
        + ",\"platform\":"
        + quoted(masked.platform())
        + ",\"acr\":"
        + quoted(masked.acr())
        + ",\"amr\":"
        + quoted(masked.amr())
        + ",\"issued_at\":"
        + quoted(masked.issuedAt().toString())
        + ",\"last_seen_at\":"
        + quoted(masked.lastSeenAt().toString())
        + "}";
  }

  /** A JSON string; the texts have no control characters. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
