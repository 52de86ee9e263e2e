package org.symbolon.campaign;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionIds;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Unavailable;

/** Ends the sessions behind a fence, batch by batch, each written down before it is ended. */
final class Sweep {
  /** Read at once. */
  private static final int BATCH = 1_000;

  /**
   * Looked at before any is ended: the more they are, the more are of one bucket or its neighbours.
   */
  private static final int MOST_GATHERED = 8_000;

  /** To look at so many costs about what it costs to end one. */
  private static final int LOOKED_AT_FOR_ONE = 10;

  /** Written down, ended and noted at once. */
  private static final int EVIDENCE = 1_000;

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
  private final Health health;
  private final LongSupplier nanos;
  private final Health.Limits limits;
  private final String node;

  Sweep(
      CampaignStore campaigns,
      SessionStore sessions,
      SessionIds ids,
      Sources sources,
      Criterion.NetworkHash networks,
      Evidence evidence,
      Health health,
      LongSupplier nanos,
      Health.Limits limits,
      String node) {
    this.limits = limits;
    this.campaigns = campaigns;
    this.sessions = sessions;
    this.ids = ids;
    this.sources = sources;
    this.networks = networks;
    this.evidence = evidence;
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
    SessionScan source = sources.of(selection);
    Predicate<Session> selected = selection.compile(networks);
    Instant fencedAt = campaign.fencedAt().orElseThrow();
    Terms terms = campaign.terms();
    Instant begun = campaigns.now();
    Progress progress =
        campaign
            .progress()
            .map(p -> p.position().isEmpty() ? p.again(begun, node) : p.by(node))
            .orElseGet(() -> Progress.begin(begun, node));
    Pace pace = new Pace(health::validateP99, nanos);
    Guard guard = new Guard(health, limits, nanos);
    long noted = nanos.getAsLong();
    while (!isClosed.getAsBoolean()) {
      Gathered gathered =
          gather(
              source,
              progress.position(),
              pace,
              (s, now) ->
                  isCovered(s, now, fencedAt)
                      && selected.test(s)
                      && terms.isDue(s.handle(), fencedAt, now));
      List<Session> due = gathered.due();
      long before = progress.ended();
      List<Session> covered =
          campaign
              .canary()
              .map(most -> due.subList(0, Math.clamp(most - before, 0, due.size())))
              .orElse(due);
      // What the canary left is looked at again.
      boolean isCut = covered.size() < due.size();
      for (int from = 0; from < covered.size(); from += EVIDENCE) {
        List<Session> some = covered.subList(from, Math.min(from + EVIDENCE, covered.size()));
        progress = progress.with(end(campaign, some, gathered.now(), pace));
        Optional<Ending> early = noted(campaign, progress).or(() -> paused(guard));
        if (early.isPresent()) {
          return early.get();
        }
      }
      if (!isCut) {
        long now = nanos.getAsLong();
        progress = progress.past(gathered.position(), gathered.scanned(), now - noted);
        noted = now;
      }
      Optional<Ending> early = noted(campaign, progress);
      if (early.isEmpty() && !isCut && gathered.position().isEmpty()) {
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

  /**
   * Some sessions whose turn has come, in the order of their buckets.
   *
   * @param position from where to look on
   * @param scanned how many were looked at for them
   */
  private record Gathered(List<Session> due, String position, int scanned, Instant now) {}

  /** Looks at as many as the pace lets end, or look at, in half a second; at a batch at least. */
  private static Gathered gather(
      SessionScan source, String from, Pace pace, BiPredicate<Session, Instant> isDue)
      throws OutageException {
    long enough = Math.min(pace.rate() / 2, MOST_GATHERED);
    List<Session> due = new ArrayList<>();
    String position = from;
    Instant now;
    int scanned = 0;
    do {
      SessionScan.Batch batch = source.next(position, BATCH);
      position = batch.position();
      now = batch.now();
      scanned += batch.sessions().size();
      int before = due.size();
      for (Session session : batch.sessions()) {
        if (isDue.test(session, now)) {
          due.add(session);
        }
      }
      CampaignWork.rest(
          pace.after(
              Math.max(0, batch.sessions().size() / LOOKED_AT_FOR_ONE - (due.size() - before))));
    } while (!position.isEmpty() && due.size() < enough && scanned < enough * LOOKED_AT_FOR_ONE);
    due.sort(Comparator.comparingInt(session -> session.handle().bucket()));
    return new Gathered(due, position, scanned, now);
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

  private Ended end(Campaign campaign, List<Session> covered, Instant now, Pace pace)
      throws IOException {
    evidence.append(
        campaign.id(), covered.stream().map(session -> line(campaign, session, now)).toList());
    Ended ended = new Ended(0, 0, 0);
    Queue<Sent> under = new ArrayDeque<>();
    for (int from = 0; from < covered.size(); from += BURST) {
      List<SessionStore.Named> some =
          covered.subList(from, Math.min(from + BURST, covered.size())).stream()
              .map(
                  session ->
                      new SessionStore.Named(
                          ids.subjectKey(session.tenant(), session.subject()), session.handle()))
              .toList();
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

  private String line(Campaign campaign, Session session, Instant now) {
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
        + quoted(
            HexFormat.of().toHexDigits(ids.subjectKey(session.tenant(), session.subject()).hash()))
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
