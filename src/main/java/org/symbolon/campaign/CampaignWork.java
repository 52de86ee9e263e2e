package org.symbolon.campaign;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.Handle;
import org.symbolon.session.Session;
import org.symbolon.session.SessionIds;
import org.symbolon.session.SessionStore;

/**
 * A node's part in the work on campaigns: whichever node is free takes one, and notes with every
 * batch how far it came, so that another goes on from there when it is gone.
 */
public final class CampaignWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CampaignWork.class);

  /** With a look for work each half second another node takes over within 10 s. */
  static final Duration LEASE = Duration.ofSeconds(6);

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration KEEP = Duration.ofSeconds(1);
  private static final Duration AFTER_OUTAGE = Duration.ofSeconds(1);
  private static final int BATCH = 1_000;

  /** Between two passes of a smear; less than others keep off. */
  private static final Duration BETWEEN_PASSES = Duration.ofSeconds(2);

  /** How often it is counted who has authenticated anew, at most. */
  private static final Duration RECOUNT = Duration.ofSeconds(5);

  private static final long SCANNED_PER_SECOND = 10_000;

  private final CampaignStore store;
  private final SessionIds ids;
  private final Sources sources;
  private final Criterion.NetworkHash networks;
  private final Rules rules;
  private final CampaignAudit audit;
  private final Optional<Sweep> sweep;
  private final String node;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
  private volatile boolean isClosed;

  /**
   * Begins to look for work.
   *
   * @param sessions shows sessions behind a fence as well
   * @param evidence without it this node ends no session
   * @param node this node's name, another than every other's
   */
  public CampaignWork(
      CampaignStore store,
      SessionStore sessions,
      SessionScan scan,
      SessionIds ids,
      Criterion.NetworkHash networks,
      Rules rules,
      CampaignAudit audit,
      Optional<Evidence> evidence,
      SubjectSignals signals,
      Health health,
      String node) {
    this.store = store;
    this.ids = ids;
    this.sources = new Sources(sessions, ids, scan, store::now);
    this.networks = networks;
    this.rules = rules;
    this.audit = audit;
    this.sweep =
        evidence.map(
            kept ->
                new Sweep(
                    store,
                    sessions,
                    ids,
                    sources,
                    networks,
                    kept,
                    signals,
                    health,
                    System::nanoTime,
                    rules.limits(),
                    workers,
                    node));
    this.node = node;
    var _ =
        looking.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    isClosed = true;
    looking.shutdownNow();
    workers.shutdownNow();
  }

  private void look() {
    try {
      for (String id : store.unfinished()) {
        if (underWay.add(id)) {
          workers.execute(() -> work(id));
        }
      }
    } catch (OutageException | RejectedExecutionException e) {
      LOG.debug("no look at the campaigns", e);
    }
  }

  private void work(String id) {
    try {
      boolean isMore = true;
      while (isMore && !isClosed) {
        isMore = store.find(id).map(this::isMine).orElse(false) && advance(id);
      }
    } catch (IOException e) {
      LOG.warn("campaign {}: waits: {}", id, e.getMessage());
      rest(AFTER_OUTAGE);
    } catch (RuntimeException e) {
      LOG.error("campaign {}: a fault", id, e);
      rest(AFTER_OUTAGE);
    } finally {
      underWay.remove(id);
    }
  }

  private boolean isMine(Campaign campaign) {
    return switch (campaign.state()) {
      case PLANNING, CHECKING, VERIFYING -> true;
      case FENCED ->
          campaign.terms().isStepUp()
              ? isRecountDue(campaign)
              : !campaign.holds() && sweep.isPresent();
      case SWEEPING -> sweep.isPresent();
      case PLANNED, APPROVED, PAUSED, COMPLETED, ABORTED -> false;
    };
  }

  /**
   * Takes the next step of one that nobody else works on.
   *
   * @return false where there is nothing more to do here
   */
  private boolean advance(String id) throws IOException {
    if (store.work(id, node, Optional.empty(), LEASE).isEmpty()) {
      return false;
    }
    // What was read before the lease may be out of date.
    Campaign campaign = store.find(id).orElseThrow();
    switch (campaign.state()) {
      case PLANNING -> {
        if (!campaign.selection().leaked().isEmpty()) {
          find(campaign);
          return true;
        }
        Optional<Count> count = count(campaign, sources.of(campaign.selection()));
        if (count.isPresent()) {
          Optional<String> remark =
              count.get().sessions() > 0 ? Optional.of("") : whyNobody(campaign);
          if (remark.isPresent()) {
            write(campaign.counted(count.get(), node, remark.get()));
          }
        }
      }
      case CHECKING -> check(campaign);
      case FENCED -> {
        if (campaign.terms().isStepUp()) {
          recount(campaign);
        } else {
          write(campaign.stepped(State.Step.SWEEP, node, store.now(), ""));
        }
      }
      case SWEEPING -> {
        switch (sweep.orElseThrow().pass(campaign, () -> isClosed)) {
          case Sweep.Whole _ -> write(campaign.stepped(State.Step.SWEPT, node, store.now(), ""));
          case Sweep.Early _ -> rest(BETWEEN_PASSES);
          case Sweep.Pausing(String why) -> write(campaign.paused(node, store.now(), why));
          case Sweep.Stopped _ -> {}
        }
      }
      case VERIFYING -> {
        Optional<Count> left = count(campaign, sources.whole());
        if (left.isPresent()) {
          verified(campaign, left.get());
        }
      }
      case PLANNED, APPROVED, PAUSED, COMPLETED, ABORTED -> {
        return false;
      }
    }
    return true;
  }

  private void check(Campaign campaign) throws OutageException {
    if (campaign.isUnchecked()) {
      fence(campaign);
      return;
    }
    Optional<Count> counted = count(campaign, sources.of(campaign.selection()));
    if (counted.isEmpty()) {
      return;
    }
    long planned = campaign.count().orElseThrow().sessions();
    long now = counted.get().sessions();
    if (rules.isDrift(planned, now)) {
      write(
          campaign.drifted(
              counted.get(),
              node,
              "not started: " + planned + " sessions when planned, " + now + " now"));
    } else {
      fence(campaign);
    }
  }

  private void fence(Campaign campaign) throws OutageException {
    Campaign fenced = campaign.fenced(node, store.now());
    if (store.fence(fenced, rules.life())) {
      audit.record(fenced);
    }
  }

  /** A look at everything costs the store something, so one at more is taken less often. */
  private boolean isRecountDue(Campaign campaign) {
    Duration every =
        Duration.ofSeconds(
            Math.max(
                RECOUNT.toSeconds(),
                campaign.check().map(Count::scanned).orElse(0L) / SCANNED_PER_SECOND));
    return campaign.check().map(last -> last.at().plus(every).isBefore(store.now())).orElse(true);
  }

  /** Counts how many have authenticated anew behind a step-up's fence, and how many have yet to. */
  private void recount(Campaign campaign) throws OutageException {
    Predicate<Session> selected = campaign.selection().compile(networks);
    Instant fencedAt = campaign.fencedAt().orElseThrow();
    Tally left = new Tally(store.now());
    Tally steppedUp = new Tally(store.now());
    LongAdder scanned = new LongAdder();
    Optional<Instant> end =
        look(
            campaign,
            sources.whole(),
            session -> {
              scanned.increment();
              if (selected.test(session)) {
                (session.authentication().time().isBefore(fencedAt) ? left : steppedUp)
                    .add(session);
              }
            });
    if (end.isEmpty()) {
      return;
    }
    Count yet = left.count(end.get(), scanned.sum());
    if (yet.sessions() > 0) {
      store.write(campaign.recounted(yet, steppedUp.sessions()));
    } else {
      write(campaign.steppedUp(yet, steppedUp.sessions(), node));
    }
  }

  private void verified(Campaign campaign, Count left) throws OutageException {
    if (left.sessions() == 0) {
      write(campaign.verified(State.Step.VERIFIED, left, node, "none is left"));
    } else {
      write(campaign.verified(State.Step.LEFT, left, node, left.sessions() + " were left"));
    }
  }

  /** Writes a step of the work; where somebody was faster, what he wrote counts. */
  private void write(Campaign next) throws OutageException {
    if (store.write(next)) {
      audit.record(next);
    }
  }

  /**
   * Finds the sessions of leaked IDs, in the selection's tenants alone: who may act for some learns
   * nothing of another's.
   */
  private void find(Campaign campaign) throws OutageException {
    LeakedIds leaked = new LeakedIds(ids, campaign.selection().leaked());
    List<String> tenants =
        campaign.selection().criteria().getOrDefault(Criterion.TENANT, List.of());
    Predicate<Session> meant =
        tenants.isEmpty() ? _ -> true : Criterion.TENANT.compile(tenants, networks);
    Set<Handle> found = new HashSet<>();
    Optional<Instant> end =
        look(
            campaign,
            sources.whole(),
            session -> {
              if (meant.test(session) && leaked.has(session.handle())) {
                found.add(session.handle());
              }
            });
    if (end.isPresent()) {
      write(campaign.found(found, leaked.size(), node, end.get()));
    }
  }

  /** Counts; empty where the work has to stop before its end. */
  private Optional<Count> count(Campaign campaign, SessionScan source) throws OutageException {
    Predicate<Session> selected = campaign.selection().compile(networks);
    Tally tally = new Tally(store.now());
    LongAdder scanned = new LongAdder();
    return look(
            campaign,
            source,
            session -> {
              scanned.increment();
              if (selected.test(session)) {
                tally.add(session);
              }
            })
        .map(end -> tally.count(end, scanned.sum()));
  }

  /**
   * Where nobody is meant, how many sessions meet each criterion alone, for whoever has asked for
   * too much at once; empty where the work has to stop before its end.
   */
  private Optional<String> whyNobody(Campaign campaign) throws OutageException {
    Map<Criterion, Predicate<Session>> each = campaign.selection().each(networks);
    Map<Criterion, LongAdder> met = new EnumMap<>(Criterion.class);
    each.keySet().forEach(criterion -> met.put(criterion, new LongAdder()));
    LongAdder all = new LongAdder();
    return look(
            campaign,
            sources.whole(),
            session -> {
              all.increment();
              each.forEach(
                  (criterion, isMet) -> {
                    if (isMet.test(session)) {
                      Objects.requireNonNull(met.get(criterion)).increment();
                    }
                  });
            })
        .map(
            _ ->
                "nobody is meant: of %d sessions %s"
                    .formatted(
                        all.sum(),
                        met.entrySet().stream()
                            .map(one -> told(one.getKey(), one.getValue().sum()))
                            .collect(Collectors.joining(", "))));
  }

  private static String told(Criterion criterion, long sessions) {
    String where =
        switch (criterion) {
          case ASN, COUNTRY, GATEWAY ->
              " (a session has it only where signals." + criterion.code() + " is on)";
          default -> "";
        };
    return sessions > 0
        ? sessions + " meet " + criterion.code()
        : "none meets " + criterion.code() + where;
  }

  /**
   * Looks at each live session that the campaign may be about.
   *
   * @return when it was done; empty where the work has to stop before its end
   */
  private Optional<Instant> look(Campaign campaign, SessionScan source, Consumer<Session> at)
      throws OutageException {
    Instant latest = campaign.fencedAt().orElse(Instant.MAX);
    long kept = System.nanoTime();
    SessionScan.Batch batch;
    String position = "";
    do {
      batch = source.next(position, BATCH);
      position = batch.position();
      for (Session session : batch.sessions()) {
        if (Sweep.isCovered(session, batch.now(), latest)) {
          at.accept(session);
        }
      }
      if (System.nanoTime() - kept > KEEP.toNanos()) {
        kept = System.nanoTime();
        Optional<State> state = store.work(campaign.id(), node, Optional.empty(), LEASE);
        if (isClosed || state.isEmpty() || state.get() != campaign.state()) {
          return Optional.empty();
        }
      }
    } while (!position.isEmpty());
    return Optional.of(batch.now());
  }

  static void rest(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
