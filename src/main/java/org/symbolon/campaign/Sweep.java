package org.symbolon.campaign;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
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
  /** Looked at, written down and noted at once; lost work of a node that is gone in mid-batch. */
  private static final int BATCH = 1_000;

  /** Under way at once: those that wait for a disk and a replica, and as many that come next. */
  private static final int AT_ONCE = 256;

  /** Sent between two looks at the pace: what Redis does in a millisecond or two. */
  private static final int BURST = 32;

  /** Over how long the rate is averaged. */
  private static final double AVERAGED_NANOS = 5e9;

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
            .map(p -> p.position().isEmpty() ? p.again(begun, node) : p)
            .orElseGet(() -> Progress.begin(begun, node));
    Pace pace = new Pace(health::validateP99, nanos);
    Guard guard = new Guard(health, limits, nanos);
    long noted = nanos.getAsLong();
    while (!isClosed.getAsBoolean()) {
      SessionScan.Batch batch = source.next(progress.position(), BATCH);
      List<Session> due =
          batch.sessions().stream()
              .filter(
                  s ->
                      isCovered(s, batch.now(), fencedAt)
                          && selected.test(s)
                          && terms.isDue(s.handle(), fencedAt, batch.now()))
              .toList();
      long before = progress.ended();
      List<Session> covered =
          campaign
              .canary()
              .map(most -> due.subList(0, Math.clamp(most - before, 0, due.size())))
              .orElse(due);
      // What the canary left of a batch is looked at again.
      boolean isCut = covered.size() < due.size();
      Ended ended = end(campaign, covered, batch.now(), pace);
      CampaignWork.rest(pace.after(Math.max(0, batch.sessions().size() / 10 - covered.size())));
      long now = nanos.getAsLong();
      long rate = rate(progress.rate(), isCut ? 0 : batch.sessions().size(), now - noted);
      noted = now;
      progress =
          new Progress(
              isCut ? progress.position() : batch.position(),
              progress.scanned() + (isCut ? 0 : batch.sessions().size()),
              progress.ended() + ended.ended(),
              progress.gone() + ended.gone(),
              progress.notDurable() + ended.notDurable(),
              rate,
              progress.begun(),
              node);
      Optional<State> state =
          campaigns.work(campaign.id(), node, Optional.of(progress.text()), CampaignWork.LEASE);
      if (state.isEmpty() || state.get() != State.SWEEPING) {
        return new Stopped();
      }
      long soFar = progress.ended();
      Optional<Long> canary = campaign.canary().filter(most -> soFar >= most);
      if (canary.isPresent()) {
        return new Pausing("the canary: " + soFar + " are ended; look, and resume");
      }
      if (!isCut && batch.position().isEmpty()) {
        return terms.isOver(fencedAt, begun) ? new Whole() : new Early();
      }
      Optional<String> trouble = guard.trouble();
      if (trouble.isPresent()) {
        return new Pausing(trouble.get());
      }
    }
    return new Stopped();
  }

  /**
   * The rate lately, each moment with the same weight however long a batch takes.
   *
   * @param before 0 where nothing is known
   * @return sessions looked at a second
   */
  static long rate(long before, int sessions, long takenNanos) {
    double now = sessions * 1e9 / Math.max(1, takenNanos);
    double weight = before == 0 ? 1 : 1 - Math.exp(-takenNanos / AVERAGED_NANOS);
    return Math.round(before + (now - before) * weight);
  }

  private record Ended(int ended, int gone, int notDurable) {
    Ended and(Revocation one) throws OutageException {
      return switch (one) {
        case Revocation.Done(int count) -> new Ended(ended + count, gone + 1 - count, notDurable);
        case Revocation.NotDurable(int count, var _) ->
            new Ended(ended + count, gone, notDurable + 1);
        case Unavailable(String cause) -> throw new OutageException(cause);
      };
    }
  }

  private Ended end(Campaign campaign, List<Session> covered, Instant now, Pace pace)
      throws IOException {
    if (covered.isEmpty()) {
      return new Ended(0, 0, 0);
    }
    evidence.append(
        campaign.id(), covered.stream().map(session -> line(campaign, session, now)).toList());
    Ended ended = new Ended(0, 0, 0);
    Queue<CompletionStage<Revocation>> under = new ArrayDeque<>();
    int sent = 0;
    for (Session session : covered) {
      if (under.size() == AT_ONCE) {
        ended = ended.and(Sources.await(under.remove()));
      }
      under.add(
          sessions.revoke(
              ids.subjectKey(session.tenant(), session.subject()),
              session.handle(),
              RevocationReason.CAMPAIGN));
      sent++;
      if (sent % BURST == 0) {
        CampaignWork.rest(pace.after(BURST));
      }
    }
    CampaignWork.rest(pace.after(sent % BURST));
    for (CompletionStage<Revocation> one : under) {
      ended = ended.and(Sources.await(one));
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
