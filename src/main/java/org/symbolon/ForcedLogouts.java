package org.symbolon;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.campaign.CampaignAudit;
import org.symbolon.campaign.CampaignStore;
import org.symbolon.campaign.CampaignWork;
import org.symbolon.campaign.Campaigns;
import org.symbolon.campaign.Evidence;
import org.symbolon.campaign.EvidenceFiles;
import org.symbolon.campaign.FenceGate;
import org.symbolon.campaign.FenceView;
import org.symbolon.campaign.FencedStore;
import org.symbolon.campaign.Health;
import org.symbolon.campaign.OutageException;
import org.symbolon.campaign.Rules;
import org.symbolon.campaign.Spared;
import org.symbolon.campaign.SubjectSignals;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.CampaignConfig;
import org.symbolon.config.Configuration;
import org.symbolon.config.StreamConfig;
import org.symbolon.config.WebhookConfig;
import org.symbolon.redis.RedisCampaignStore;
import org.symbolon.redis.RedisFences;
import org.symbolon.redis.RedisLink;
import org.symbolon.redis.RedisSessionScan;
import org.symbolon.redis.RedisSubjectSignals;
import org.symbolon.redis.StoreClock;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.Changes;
import org.symbolon.session.SessionIds;
import org.symbolon.session.SessionStore;

/** A node's part in campaigns, as a configuration describes it. */
final class ForcedLogouts {
  private static final Logger LOG = LoggerFactory.getLogger(ForcedLogouts.class);

  /** How often a node asks for the fences within the staleness bound. */
  private static final int ASKS = 5;

  private static final Duration PLAN_LIFE = Duration.ofHours(1);
  private final Configuration configuration;
  private final Node node;
  private final RedisLink link;
  private final StoreClock clock;
  private final SessionIds ids;
  private final FenceView fences;
  private final ExecutorService blocking;

  /** Begins to follow the fences. */
  ForcedLogouts(
      Configuration configuration, Node node, RedisLink link, StoreClock clock, SessionIds ids) {
    this.configuration = configuration;
    this.node = node;
    this.link = link;
    this.clock = clock;
    this.ids = ids;
    this.blocking = node.with(Executors.newVirtualThreadPerTaskExecutor());
    this.fences = new FenceView(new RedisFences(link), ids::signalHash, clock, System::nanoTime);
    ScheduledExecutorService asking =
        Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    node.with(asking::shutdownNow);
    long every = configuration.nearCache().bound().dividedBy(ASKS).toMillis();
    var _ = asking.scheduleWithFixedDelay(this::ask, 0, every, TimeUnit.MILLISECONDS);
  }

  private void ask() {
    try {
      fences.refresh();
    } catch (OutageException | RuntimeException e) {
      LOG.debug("no answer about the fences", e);
    }
  }

  /** Hears of fences, and keeps others from relying on more than is known of them. */
  Changes before(Changes next) {
    return new FenceGate(next, fences, () -> blocking.execute(this::ask));
  }

  FenceView fences() {
    return fences;
  }

  /** A store that shows nothing behind a fence. */
  SessionStore fenced(SessionStore store) {
    return new FencedStore(store, fences, configuration.nearCache().bound(), blocking);
  }

  /**
   * What people do with campaigns; the node does its part of the work from now on.
   *
   * @param store shows what is behind a fence as well
   * @param longest the longest absolute timeout
   */
  Campaigns begin(
      SessionStore store, AuditTrail trail, Duration longest, Health health, SecureRandom random)
      throws Symbolon.StartFailure {
    CampaignConfig config = configuration.campaigns();
    Rules rules =
        new Rules(
            config.approvalOver(),
            config.drift(),
            PLAN_LIFE,
            longest,
            new Health.Limits(config.mostP99(), config.mostStoreP99(), config.mostLoginErrors()),
            new Spared(config.spareAccounts(), config.spareClasses(), ownAccounts(configuration)),
            configuration.acrOrder());
    CampaignAudit audit = new CampaignAudit(trail);
    CampaignStore campaigns =
        new RedisCampaignStore(link, clock, Stores.durability(configuration.revocation()));
    String name = Long.toString(random.nextLong() & Long.MAX_VALUE, 36);
    node.with(
        new CampaignWork(
            campaigns,
            store,
            new RedisSessionScan(link, clock),
            ids,
            ids::signalHash,
            rules,
            audit,
            evidence(config, name),
            signals(),
            health,
            name));
    return new Campaigns(campaigns, rules, audit, blocking, random);
  }

  private SubjectSignals signals() {
    boolean isAsked =
        Stream.concat(
                configuration.webhooks().stream().map(WebhookConfig::events),
                configuration.streams().stream().map(StreamConfig::events))
            .anyMatch(events -> events.contains(SubjectSignals.ACTION));
    return isAsked
        ? new RedisSubjectSignals(link, configuration.audit().length())
        : SubjectSignals.NONE;
  }

  private static Map<String, String> ownAccounts(Configuration configuration) {
    Map<String, String> own = new HashMap<>();
    configuration
        .services()
        .forEach(service -> service.account().ifPresent(a -> own.put(service.name(), a)));
    configuration
        .operators()
        .forEach(operator -> operator.account().ifPresent(a -> own.put(operator.name(), a)));
    return own;
  }

  private static Optional<Evidence> evidence(CampaignConfig config, String name)
      throws Symbolon.StartFailure {
    Optional<Path> folder = config.evidence();
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(EvidenceFiles.open(folder.get(), name));
    } catch (IOException e) {
      throw new Symbolon.StartFailure("campaigns.evidence: " + e.getMessage());
    }
  }
}
