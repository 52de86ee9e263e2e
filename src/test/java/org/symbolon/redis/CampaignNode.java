package org.symbolon.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.symbolon.campaign.Campaign;
import org.symbolon.campaign.CampaignAudit;
import org.symbolon.campaign.CampaignWork;
import org.symbolon.campaign.Campaigns;
import org.symbolon.campaign.EvidenceFiles;
import org.symbolon.campaign.FenceView;
import org.symbolon.campaign.FencedStore;
import org.symbolon.campaign.Health;
import org.symbolon.campaign.OutageException;
import org.symbolon.campaign.Rules;
import org.symbolon.campaign.Spared;
import org.symbolon.campaign.State;
import org.symbolon.campaign.SubjectSignals;
import org.symbolon.session.Attributes;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Handle;
import org.symbolon.session.PlainIds;
import org.symbolon.session.Presenter;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Tenant;

/** What one node does about campaigns, over a real store. */
final class CampaignNode implements AutoCloseable {
  static final Campaigns.Operator ANNA =
      new Campaigns.Operator("anna", new Presenter("127.0.0.1", "", "direct"));
  static final Campaigns.Operator BERT =
      new Campaigns.Operator("bert", new Presenter("127.0.0.1", "", "direct"));
  static final Rules RULES =
      new Rules(
          50,
          10,
          Duration.ofHours(1),
          Duration.ofHours(24),
          Health.Limits.NONE,
          Spared.NOBODY,
          List.of("low", "middle", "high"));
  static final Duration BOUND = Duration.ofMillis(500);
  private static final List<Device.Browser> BROWSERS = List.of(Device.Browser.values());
  private static final List<Device.Platform> PLATFORMS = List.of(Device.Platform.values());
  private static final SubjectLimit MANY = new SubjectLimit(1000, SubjectLimit.WhenReached.REJECT);

  final PlainIds ids = new PlainIds();
  final OpenStore open;
  final RedisCampaignStore store;
  final FenceView fences;
  final SessionStore sessions;
  final Campaigns campaigns;
  final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
  private final CampaignWork work;
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();

  CampaignNode(RedisServers servers, String name, Path folder) {
    open = new OpenStore(servers);
    ids.countFrom(new SecureRandom().nextLong(1L << 47));
    store = new RedisCampaignStore(open.link, open.clock, Durability.DEFAULT);
    fences =
        new FenceView(new RedisFences(open.link), ids::signalHash, open.clock, System::nanoTime);
    sessions = new FencedStore(open.store, fences, BOUND, blocking);
    CampaignAudit trail = new CampaignAudit(audit::add);
    campaigns = new Campaigns(store, RULES, trail, blocking, new SecureRandom());
    try {
      work =
          new CampaignWork(
              store,
              open.store,
              new RedisSessionScan(open.link, open.clock),
              ids,
              ids::signalHash,
              RULES,
              trail,
              Optional.of(EvidenceFiles.open(folder, name)),
              SubjectSignals.NONE,
              Health.UNKNOWN,
              name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Session issue(
      String tenant, String subject, String acr, List<String> amr, RandomGenerator random) {
    SubjectKey key = ids.subjectKey(new Tenant(tenant), new Subject(subject));
    return issue(tenant, subject, acr, amr, random, new Handle(key.bucket(), random.nextLong()));
  }

  /** One that {@link #leaked} knows. */
  Session issueNumbered(String tenant, String subject, RandomGenerator random) {
    SubjectKey key = ids.subjectKey(new Tenant(tenant), new Subject(subject));
    Handle handle = ids.handle(ids.newLocator(key));
    return issue(tenant, subject, "", List.of("pwd"), random, handle);
  }

  private Session issue(
      String tenant,
      String subject,
      String acr,
      List<String> amr,
      RandomGenerator random,
      Handle handle) {
    Tenant of = new Tenant(tenant);
    Subject who = new Subject(subject);
    SubjectKey key = ids.subjectKey(of, who);
    SessionStore.Draft draft =
        new SessionStore.Draft(
            key,
            handle,
            random.nextInt(3),
            Seed.random(new SecureRandom()),
            of,
            who,
            new Authentication(Instant.parse("2026-11-20T10:11:12Z"), acr, amr),
            random.nextBoolean() ? ClientClass.BROWSER : new ClientClass("app"),
            new Device(
                BROWSERS.get(random.nextInt(4)),
                PLATFORMS.get(random.nextInt(4)),
                random.nextInt(),
                ids.signalHash("203.0.113.0/24") + random.nextInt(2)),
            Attributes.NONE,
            Samples.TIMEOUTS,
            Optional.empty(),
            Optional.empty());
    return ((SessionStore.Created) open.create(draft, MANY)).session();
  }

  /** What a list of leaked IDs has of one of its IDs. */
  String leaked(Session session) {
    long locator = ids.locator(session.handle()).orElseThrow().bits();
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(ByteBuffer.allocate(Long.BYTES).putLong(locator).array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isLetIn(Session session) {
    return OpenStore.await(sessions.find(session.handle())) instanceof SessionStore.Found;
  }

  /** Whether its record is still there, whatever a fence says. */
  boolean isThere(Session session) {
    return open.find(session.handle()) instanceof SessionStore.Found;
  }

  Campaign plan(Map<String, List<String>> criteria, Map<String, List<String>> except) {
    return plan(new Campaigns.Order(criteria, except, true, "", 0, "token_theft", "INC-1"));
  }

  /** One whose sessions have their turns within so many seconds. */
  Campaign plan(Map<String, List<String>> criteria, long smear) {
    return plan(new Campaigns.Order(criteria, Map.of(), true, "", smear, "policy_change", "INC-1"));
  }

  private Campaign plan(Campaigns.Order order) {
    Campaign begun = done(campaigns.plan(order, ANNA));
    return reached(begun.id(), State.PLANNED);
  }

  Campaign reached(String id, State state) {
    RedisServers.await(() -> state(id) == state);
    return found(id);
  }

  State state(String id) {
    return found(id).state();
  }

  Campaign found(String id) {
    try {
      return store.find(id).orElseThrow();
    } catch (OutageException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Campaign done(java.util.concurrent.CompletionStage<Campaigns.Outcome> outcome) {
    return switch (OpenStore.await(outcome)) {
      case Campaigns.Done(Campaign campaign) -> campaign;
      case Campaigns.Outcome other -> throw new AssertionError(other);
    };
  }

  @Override
  public void close() {
    work.close();
    blocking.shutdownNow();
    open.close();
  }
}
