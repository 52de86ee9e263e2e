package org.symbolon;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.campaign.Campaigns;
import org.symbolon.campaign.Health;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.Configuration;
import org.symbolon.events.PlanCampaign;
import org.symbolon.http.Addresses;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Reply;
import org.symbolon.http.admin.AdminListener;
import org.symbolon.http.admin.ManagementListener;
import org.symbolon.http.api.PublicListener;
import org.symbolon.http.api.PublicPorts;
import org.symbolon.http.gateway.ExtAuthz;
import org.symbolon.http.gateway.Profile;
import org.symbolon.http.gateway.Validation;
import org.symbolon.nearcache.NearCache;
import org.symbolon.nearcache.NearCacheSettings;
import org.symbolon.nearcache.SharedStore;
import org.symbolon.proof.DbscSessions;
import org.symbolon.proof.DpopProofs;
import org.symbolon.proof.TlsProofs;
import org.symbolon.redis.ChangeFeed;
import org.symbolon.redis.RedisAuditTrail;
import org.symbolon.redis.RedisEventGuard;
import org.symbolon.redis.RedisLink;
import org.symbolon.redis.RedisOutbox;
import org.symbolon.redis.RedisRefusals;
import org.symbolon.redis.RedisReplayGuard;
import org.symbolon.redis.RedisSessionStore;
import org.symbolon.redis.StoreClock;
import org.symbolon.redis.StoreReadiness;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingJudge;
import org.symbolon.session.CookieReader;
import org.symbolon.session.ElevateSession;
import org.symbolon.session.IssueSession;
import org.symbolon.session.ListSessions;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.ReportRefusals;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.RotationReports;
import org.symbolon.session.SecretText;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SignalJudge;
import org.symbolon.session.SparseAudit;
import org.symbolon.session.TieredPolicy;
import org.symbolon.session.ValidateSession;
import org.symbolon.telemetry.Logging;
import org.symbolon.telemetry.Meters;
import org.symbolon.token.AppAssertionSigner;
import org.symbolon.token.AssertionVerifier;
import org.symbolon.token.Credential;
import org.symbolon.token.CsrfCodec;
import org.symbolon.token.KeyRing;
import org.symbolon.token.KeyRingFile;
import org.symbolon.token.RingSeals;
import org.symbolon.token.ServiceCredentials;
import org.symbolon.token.SessionCookie;
import org.symbolon.token.SessionIdCodec;
import org.symbolon.token.TrustedIssuer;

/** The composition root: constructs every adapter, joins them, and starts listening. */
final class Wiring {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
  private static final int KEY_RING_POLL_SECONDS = 2;
  private static final int REFUSALS_PER_SECOND = 10;
  private static final int PARTING_SECONDS = 5;

  /** Signatures under way at once: some hundred milliseconds of two cores. */
  private static final int PROOFS = 1024;

  private static final int LOGINS = 1024;

  /** Of those whom nobody waits for. */
  private static final int EVENTS = 64;

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Configuration configuration;
  private final InstantSource machine = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final Node node = new Node();

  private Wiring(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Starts a node.
   *
   * @throws Symbolon.StartFailure where it can't start; everything begun is ended again
   */
  static Node start(Configuration configuration) throws Symbolon.StartFailure {
    Wiring wiring = new Wiring(configuration);
    try {
      wiring.build();
      return wiring.node;
    } catch (IllegalArgumentException e) {
      wiring.node.close();
      throw new Symbolon.StartFailure(String.valueOf(e.getMessage()));
    } catch (Symbolon.StartFailure | RuntimeException e) {
      wiring.node.close();
      throw e;
    }
  }

  private void build() throws Symbolon.StartFailure {
    configureLogging();
    configuration.warnings().forEach(LOG::warn);
    TieredPolicy policy = Policies.of(configuration.policy());
    Listeners listeners = new Listeners(configuration);
    Meters meters =
        node.with(new Meters(Arrays.stream(Profile.values()).map(Profile::text).toList()));
    Optional<Trial> trial = trial();
    RedisLink link = node.with(store(trial));
    StoreClock clock = node.with(new StoreClock(link, machine));
    meters.clock(clock::ahead);
    ReplayGuard replays = new RedisReplayGuard(link, clock, meters);
    AuditTrail audit =
        sparse(
            Audits.open(
                configuration,
                node,
                clock,
                new RedisAuditTrail(link, configuration.audit().length(), meters)),
            clock);
    Supplier<KeyRing> ring = keyRing(trial);
    SessionIdCodec ids = new SessionIdCodec(ring, random);
    Revocations revocations = Revocations.open(configuration, node, ids, link, clock, meters);
    RedisSessionStore redis =
        new RedisSessionStore(
            link,
            clock,
            meters,
            Stores.durability(configuration.revocation()),
            revocations.known(),
            revocations.journal(),
            policy.longest());

    ForcedLogouts forced = new ForcedLogouts(configuration, node, link, clock, ids);
    CookieReader cookies = new SessionCookie(configuration.cookie().name(), ids);
    NearCacheSettings nearCache =
        new NearCacheSettings(
            configuration.nearCache().entries(), configuration.nearCache().bound());
    NearCache<Reply> cache =
        new NearCache<>(
            nearCache,
            ids,
            cookies,
            Validation::prepared,
            forced.fences().besides(revocations.known()),
            redis::touch,
            clock::millisAt,
            System::nanoTime);
    SharedStore shared =
        new SharedStore(
            redis,
            cache,
            nearCache,
            revocations.known(),
            revocations.again()::one,
            System::nanoTime);
    revocations.begin(redis);
    meters.revocations(
        revocations.known()::size,
        revocations.known()::condensed,
        revocations.again()::written,
        revocations.again()::mended);
    SessionStore store = forced.fenced(shared);
    meters.nearCache(cache::hits, cache::misses, cache::staleHits, cache::size, cache::isCurrent);
    ChangeFeed feed =
        node.with(
            new ChangeFeed(
                link,
                clock,
                nearCache.bound(),
                forced.before(cache),
                revocations.known()::learn,
                revocations.again()::lane,
                meters::changeHeard));
    meters.changes(feed::caughtUp, feed::rollbacks, feed::age);

    RotationReports reports = new RotationReports(ids, audit, meters, clock, Addresses::network);

    ExecutorService signatures = node.with(Executors.newVirtualThreadPerTaskExecutor());
    // Apart, for a login may wait for its issuer's keys, and nobody's may keep an operator out.
    Workers logins = node.with(new Workers(LOGINS));
    Workers services = node.with(new Workers(LOGINS));
    Workers proofs = node.with(new Workers(PROOFS));
    Signers signers = new Signers(configuration, clock);
    List<TrustedIssuer> issuers = new ArrayList<>(signers.issuers());
    trial.map(Trial::trustedIssuer).ifPresent(issuers::add);
    List<Credential> credentials = new ArrayList<>(signers.credentials());
    if (trial.isPresent()) {
      credentials.addAll(trial.get().operators(random));
    }
    CookieAttributes cookie = listeners.open().cookie();
    RingSeals seals = new RingSeals(ring);
    DbscSessions devices =
        new DbscSessions(
            store,
            policy,
            seals,
            replays,
            audit,
            clock,
            random,
            proofs,
            cookie.boundName(),
            cookie.attributes(),
            listeners.site());
    DpopProofs keys = new DpopProofs(seals, replays, clock, proofs);
    TlsProofs tls = new TlsProofs();
    RedisRefusals refusals =
        node.with(new RedisRefusals(link, clock, configuration.refusalsKept(), meters));
    BindingJudge bindings =
        new BindingJudge(
            policy,
            Map.of(
                Binding.Kind.DBSC, devices,
                Binding.Kind.DPOP, keys,
                Binding.Kind.CERTIFICATE, tls,
                Binding.Kind.CERTIFICATE_KEY, tls,
                Binding.Kind.TLS_EXPORTER, tls),
            audit,
            meters,
            refusals,
            clock);
    SignalJudge signals =
        new SignalJudge(
            policy,
            ids,
            AddressFacts.readers(configuration.geo(), node),
            audit,
            meters,
            refusals,
            clock,
            random);
    RevokeSessions revoke = new RevokeSessions(ids, store, audit, clock);
    Campaigns campaigns = forced.begin(shared, audit, policy.longest(), health(meters), random);
    AppAssertionSigner signer =
        new AppAssertionSigner(
            ring,
            configuration.assertions().audience(),
            configuration.nearCache().entries(),
            signatures,
            clock);
    Events events =
        new Events(
            configuration,
            new RedisEventGuard(link, clock, meters),
            revoke,
            new PlanCampaign(campaigns),
            audit,
            node.with(new Workers(EVENTS)),
            signatures,
            clock,
            (receiver, outcome, since) -> meters.told(receiver, outcome.name(), since));
    RedisOutbox outbox = new RedisOutbox(link, Long.toString(random.nextLong(), 36));
    PublicPorts ports =
        new PublicPorts(
            ids,
            cookies,
            new AssertionVerifier(issuers, signers.rules(), replays, logins, clock),
            new ServiceCredentials(
                credentials, signers.backends(), signers.rules(), replays, services, clock),
            new IssueSession(
                ids, store, policy, audit, clock, random, configuration.privacy().devices()),
            new ValidateSession(
                ids, store, policy, reports, bindings, signals, cache, forced.fences()),
            signals,
            cache,
            new ElevateSession(ids, store, policy, reports),
            new CsrfCodec(ring, random),
            signer,
            revoke,
            new ListSessions(ids, store),
            devices,
            keys,
            meters,
            audit,
            events.intake(signers, issuers, events.polled(outbox, signer)));

    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(listeners.eventLoops()));
    node.with(() -> vertx.close().await(10, TimeUnit.SECONDS));
    node.with(link.readOn(((VertxInternal) vertx).nettyEventLoopGroup()));
    PublicListener open =
        new PublicListener(
            vertx, listeners.open(), ports, clock, trial.map(started -> started::assertion));
    AdminListener admin =
        new AdminListener(
            vertx,
            listeners.admin(),
            ports.services(),
            signers.operators(),
            ports.list(),
            ports.revoke(),
            campaigns,
            new ReportRefusals(policy, refusals),
            events.receivers(node, outbox, signer),
            configuration.refusalsKept(),
            nearCache.bound(),
            meters,
            () ->
                Policies.json(
                    configuration.policy(), policy, listeners.carriers(), listeners.routes()));
    Drain drain = new Drain(configuration.drainDelay(), List.of(open::leave, admin::leave));
    ManagementListener management =
        new ManagementListener(
            vertx,
            listeners.management(),
            List.of(drain, new StoreReadiness(clock)),
            meters::scrape,
            METRICS_TYPE,
            meters);
    node.with(() -> management.close().await(PARTING_SECONDS, TimeUnit.SECONDS));
    node.with(() -> admin.close().await(PARTING_SECONDS, TimeUnit.SECONDS));
    node.with(() -> open.close().await(PARTING_SECONDS, TimeUnit.SECONDS));
    node.listensOn(
        new Node.Ports(
            listeners.bound("public", open.start()),
            grpc(vertx, listeners, open, meters),
            listeners.bound("admin", admin.start()),
            listeners.bound("management", management.start())));
    node.with(drain);
  }

  /** Holds back what anybody can cause again and again. */
  private static AuditTrail sparse(AuditTrail trail, InstantSource clock) {
    AuditTrail sparse = trail;
    for (AuditEvent.Action action :
        List.of(
            AuditEvent.Action.LOGIN_REFUSED,
            AuditEvent.Action.SESSION_UNPROVED,
            AuditEvent.Action.SESSION_DIFFERED,
            AuditEvent.Action.SESSION_REPLAY_SUSPECTED,
            AuditEvent.Action.PROOF_REFUSED,
            AuditEvent.Action.EVENT_REFUSED)) {
      sparse = new SparseAudit(sparse, action, REFUSALS_PER_SECOND, clock);
    }
    return sparse;
  }

  /** Starts the listener for Envoy, where there is one; gives its port. */
  private int grpc(Vertx vertx, Listeners listeners, PublicListener open, Meters meters)
      throws Symbolon.StartFailure {
    if (listeners.grpc().isEmpty()) {
      return 0;
    }
    ExtAuthz grpc =
        new ExtAuthz(
            vertx, listeners.grpc().get(), open.validation(), listeners.open().cookie(), meters);
    node.with(() -> grpc.close().await(PARTING_SECONDS, TimeUnit.SECONDS));
    return listeners.bound("grpc", grpc.start());
  }

  private static Health health(Meters meters) {
    return new Health() {
      @Override
      public Optional<Duration> validateP99() {
        return meters.validateP99();
      }

      @Override
      public Optional<Duration> storeP99() {
        return meters.storeP99();
      }

      @Override
      public Optional<Integer> loginErrors() {
        return meters.loginErrors();
      }
    };
  }

  private void configureLogging() throws Symbolon.StartFailure {
    if (configuration.isTrial()) {
      Trial.createFolder(configuration);
    }
    Logging.configure(
        configuration.log().level().name().toLowerCase(Locale.ROOT),
        configuration.log().format() == Configuration.Log.Format.ECS);
  }

  private Optional<Trial> trial() throws Symbolon.StartFailure {
    if (!configuration.isTrial()) {
      return Optional.empty();
    }
    Trial trial = node.with(Trial.start(configuration, random, machine));
    node.isTrial(trial);
    return Optional.of(trial);
  }

  private RedisLink store(Optional<Trial> trial) throws Symbolon.StartFailure {
    return Stores.open(configuration, trial.map(started -> started.redis().settings()));
  }

  private Supplier<KeyRing> keyRing(Optional<Trial> trial) throws Symbolon.StartFailure {
    if (configuration.keys().ring().isPresent()) {
      KeyRing.Reading reading =
          KeyRing.parse(new SecretText(configuration.keys().ring().get().reveal()));
      return switch (reading) {
        case KeyRing.Read(KeyRing ring) -> () -> ring;
        case KeyRing.Faulty fault -> throw new Symbolon.StartFailure("keys.ring: " + fault);
      };
    }
    Path path =
        configuration.keys().file().isPresent()
            ? configuration.keys().file().get()
            : trial.orElseThrow().keyRing(random);
    return switch (KeyRingFile.open(path)) {
      case KeyRingFile.Opened(KeyRingFile file) -> {
        poll(file);
        yield file;
      }
      case KeyRingFile.Refused(String reason) ->
          throw new Symbolon.StartFailure("keys.file: " + reason);
    };
  }

  private void poll(KeyRingFile file) {
    ScheduledExecutorService poller =
        Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    node.with(poller::shutdownNow);
    var _ =
        poller.scheduleWithFixedDelay(
            () -> {
              switch (file.reload()) {
                case KeyRingFile.Unchanged _ -> {}
                case KeyRingFile.Reloaded(String summary) -> LOG.info("key ring: {}", summary);
                case KeyRingFile.Refused(String reason) ->
                    LOG.error("key ring: the old one stays in use: {}", reason);
              }
            },
            KEY_RING_POLL_SECONDS,
            KEY_RING_POLL_SECONDS,
            TimeUnit.SECONDS);
  }
}
