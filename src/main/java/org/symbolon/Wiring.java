package org.symbolon;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.Configuration;
import org.symbolon.config.RedisConfig;
import org.symbolon.http.Addresses;
import org.symbolon.http.admin.AdminListener;
import org.symbolon.http.admin.ManagementListener;
import org.symbolon.http.api.PublicListener;
import org.symbolon.http.api.PublicPorts;
import org.symbolon.http.gateway.Profile;
import org.symbolon.redis.Obstacle;
import org.symbolon.redis.RedisAuditTrail;
import org.symbolon.redis.RedisLink;
import org.symbolon.redis.RedisReplayGuard;
import org.symbolon.redis.RedisSessionStore;
import org.symbolon.redis.RedisSettings;
import org.symbolon.redis.StoreCheck;
import org.symbolon.redis.StoreClock;
import org.symbolon.redis.StoreReadiness;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.IssueSession;
import org.symbolon.session.ListSessions;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.RotationReports;
import org.symbolon.session.SecretText;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SparseAudit;
import org.symbolon.session.TieredPolicy;
import org.symbolon.session.ValidateSession;
import org.symbolon.telemetry.AuditLines;
import org.symbolon.telemetry.Logging;
import org.symbolon.telemetry.Meters;
import org.symbolon.token.AssertionVerifier;
import org.symbolon.token.KeyRing;
import org.symbolon.token.KeyRingFile;
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
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Configuration configuration;
  private final InstantSource clock = InstantSource.system();
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
    StoreClock storeClock = node.with(new StoreClock(link, clock));
    SessionStore store = new RedisSessionStore(link, storeClock, meters);
    ReplayGuard replays = new RedisReplayGuard(link, storeClock, meters);
    AuditTrail audit =
        new SparseAudit(
            AuditTrail.all(
                new AuditLines(),
                new RedisAuditTrail(link, configuration.audit().length(), meters)),
            AuditEvent.Action.LOGIN_REFUSED,
            REFUSALS_PER_SECOND,
            clock);
    SessionIdCodec ids = new SessionIdCodec(keyRing(trial), random);

    RotationReports reports = new RotationReports(ids, audit, meters, clock, Addresses::network);

    ExecutorService signatures = node.with(Executors.newVirtualThreadPerTaskExecutor());
    Signers signers = new Signers(configuration, clock);
    List<TrustedIssuer> issuers = new ArrayList<>(signers.issuers());
    trial.map(Trial::trustedIssuer).ifPresent(issuers::add);
    PublicPorts ports =
        new PublicPorts(
            ids,
            new SessionCookie(configuration.cookie().name(), ids),
            new AssertionVerifier(issuers, signers.rules(), replays, signatures, clock),
            new ServiceCredentials(
                signers.credentials(),
                signers.backends(),
                signers.rules(),
                replays,
                signatures,
                clock),
            new IssueSession(ids, store, policy, audit, clock, random),
            new ValidateSession(ids, store, policy, reports),
            new RevokeSessions(ids, store, audit, clock),
            new ListSessions(ids, store),
            meters,
            audit);

    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(listeners.eventLoops()));
    node.with(() -> vertx.close().await(10, TimeUnit.SECONDS));
    PublicListener open =
        new PublicListener(
            vertx, listeners.open(), ports, clock, trial.map(started -> started::assertion));
    AdminListener admin =
        new AdminListener(
            vertx,
            listeners.admin(),
            ports.services(),
            ports.list(),
            ports.revoke(),
            meters,
            () -> Policies.json(configuration.policy(), policy));
    ManagementListener management =
        new ManagementListener(
            vertx,
            listeners.management(),
            List.of(new StoreReadiness(storeClock)),
            meters::scrape,
            METRICS_TYPE,
            meters);
    node.with(() -> open.close().await(PARTING_SECONDS, TimeUnit.SECONDS));
    node.with(() -> admin.close().await(PARTING_SECONDS, TimeUnit.SECONDS));
    node.with(() -> management.close().await(PARTING_SECONDS, TimeUnit.SECONDS));
    node.listensOn(
        new Node.Ports(
            listeners.bound("public", open.start()),
            listeners.bound("admin", admin.start()),
            listeners.bound("management", management.start())));
  }

  private void configureLogging() throws Symbolon.StartFailure {
    Optional<Path> audit = configuration.audit().file();
    if (configuration.isTrial()) {
      Trial.createFolder(configuration);
    }
    if (audit.isPresent() && !isWritable(audit.get().toAbsolutePath())) {
      throw new Symbolon.StartFailure(
          "audit.file: " + audit.get() + " can't be written; name a writable file");
    }
    Logging.configure(
        configuration.log().level().name().toLowerCase(Locale.ROOT),
        configuration.log().format() == Configuration.Log.Format.ECS,
        audit);
  }

  private static boolean isWritable(Path file) {
    Path folder = file.getParent();
    return Files.exists(file) ? Files.isWritable(file) : folder != null && Files.isWritable(folder);
  }

  private Optional<Trial> trial() throws Symbolon.StartFailure {
    if (!configuration.isTrial()) {
      return Optional.empty();
    }
    Trial trial = node.with(Trial.start(configuration, random, clock));
    node.isTrial(trial);
    return Optional.of(trial);
  }

  private RedisLink store(Optional<Trial> trial) throws Symbolon.StartFailure {
    RedisSettings settings =
        trial.isPresent() ? trial.get().redis().settings() : settings(configuration.redis());
    return switch (StoreCheck.open(settings)) {
      case StoreCheck.Ready(RedisLink link) -> link;
      case Obstacle obstacle -> throw new Symbolon.StartFailure(obstacle.toString());
    };
  }

  private static RedisSettings settings(RedisConfig redis) {
    String scheme = redis.tls() ? "rediss" : "redis";
    return new RedisSettings(
        redis.nodes().stream()
            .map(n -> URI.create(scheme + "://" + n.host() + ":" + n.port()))
            .toList(),
        redis.mode() == RedisConfig.Mode.CLUSTER
            ? RedisSettings.Mode.CLUSTER
            : RedisSettings.Mode.STANDALONE,
        redis.password().isPresent() ? Optional.of(redis.username()) : Optional.empty(),
        redis.password().map(secret -> new SecretText(secret.reveal())),
        redis.timeout(),
        redis.authority());
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
