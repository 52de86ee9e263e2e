package org.symbolon.http;

import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.symbolon.campaign.CampaignAudit;
import org.symbolon.campaign.Campaigns;
import org.symbolon.campaign.Health;
import org.symbolon.campaign.MemoryCampaigns;
import org.symbolon.campaign.Rules;
import org.symbolon.campaign.Spared;
import org.symbolon.events.Intake;
import org.symbolon.events.Outbox;
import org.symbolon.events.Receivers;
import org.symbolon.http.admin.AdminListener;
import org.symbolon.http.admin.ManagementListener;
import org.symbolon.http.api.Devices;
import org.symbolon.http.api.PublicListener;
import org.symbolon.http.api.PublicPorts;
import org.symbolon.http.api.PublicSettings;
import org.symbolon.http.gateway.Carriers;
import org.symbolon.http.gateway.ExtAuthz;
import org.symbolon.http.gateway.RouteDemands;
import org.symbolon.http.gateway.Validation;
import org.symbolon.nearcache.NearCache;
import org.symbolon.nearcache.NearCacheSettings;
import org.symbolon.proof.DbscSessions;
import org.symbolon.proof.DbscSite;
import org.symbolon.proof.DpopProofs;
import org.symbolon.proof.PlainSeals;
import org.symbolon.proof.TlsProofs;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingJudge;
import org.symbolon.session.BindingPolicy;
import org.symbolon.session.Changes;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Condition;
import org.symbolon.session.CookieReader;
import org.symbolon.session.ElevateSession;
import org.symbolon.session.IssueSession;
import org.symbolon.session.KnownRevocations;
import org.symbolon.session.ListSessions;
import org.symbolon.session.LoginProofs;
import org.symbolon.session.Operators;
import org.symbolon.session.Policy;
import org.symbolon.session.Presenter;
import org.symbolon.session.Readiness;
import org.symbolon.session.RefusalReports;
import org.symbolon.session.RefusalTally;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.ReportRefusals;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.RotationReports;
import org.symbolon.session.SecretText;
import org.symbolon.session.Services;
import org.symbolon.session.Signal;
import org.symbolon.session.SignalJudge;
import org.symbolon.session.SignalPolicy;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Tenant;
import org.symbolon.session.Timeouts;
import org.symbolon.session.Unavailable;
import org.symbolon.session.ValidateSession;

/** All listeners on free ports of loopback, with every port played by hand. */
public final class Rig implements AutoCloseable {
  public static final String COOKIE = "__Host-sid";

  public final PlainIds ids = new PlainIds();
  public final Tally tally = new Tally();
  public final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
  public final List<String> obstacles = new CopyOnWriteArrayList<>();
  public final MemoryStore store;
  public final Vertx vertx;
  public volatile BindingPolicy bindings = BindingPolicy.OFF;

  /** What is demanded of every session at every use. */
  public volatile Condition standing = Condition.NONE;

  public volatile Optional<DbscSite> site = Optional.empty();
  public final List<RefusalReports.Line> refusals = new CopyOnWriteArrayList<>();
  public volatile SignalPolicy signals = SignalPolicy.OFF;
  private final Set<String> claimed = ConcurrentHashMap.newKeySet();
  public volatile boolean proofsDown;
  public volatile String proofsDownFor = "down";
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<PublicListener> listeners = new CopyOnWriteArrayList<>();
  private final List<Changes> caches = new CopyOnWriteArrayList<>();
  private final boolean ownsVertx;

  public Rig() {
    this(Vertx.vertx(), true);
  }

  public Rig(Vertx vertx) {
    this(vertx, false);
  }

  private Rig(Vertx vertx, boolean owns) {
    this.vertx = vertx;
    this.ownsVertx = owns;
    this.store = new MemoryStore(ids, executor);
  }

  public static PublicSettings settings() {
    return new PublicSettings(
        ListenerSettings.plain("127.0.0.1", 0).withLimits(Limits.PUBLIC),
        CookieAttributes.DEFAULT,
        Set.of("https://app.example"),
        PublicSettings.ClearSiteData.NONE,
        Carriers.USUAL,
        RouteDemands.NONE);
  }

  /** The usual settings but for the listener. */
  public static PublicSettings on(UnaryOperator<ListenerSettings> change) {
    PublicSettings usual = settings();
    return new PublicSettings(
        change.apply(usual.listener()),
        usual.cookie(),
        usual.allowedOrigins(),
        usual.clearSiteData(),
        usual.carriers(),
        usual.routes());
  }

  public static ListenerSettings trusting(ListenerSettings listener, String... cidrs) {
    return new ListenerSettings(
        listener.host(),
        listener.port(),
        listener.tls(),
        TrustedPeers.of(List.of(cidrs)).tellingCertificates(),
        listener.limits(),
        listener.eventLoops());
  }

  public static ListenerSettings limited(ListenerSettings listener, Limits limits) {
    return new ListenerSettings(
        listener.host(),
        listener.port(),
        listener.tls(),
        listener.trusted(),
        limits,
        listener.eventLoops());
  }

  /** Starts the public listener; gives its port. */
  public int open(PublicSettings settings) {
    return open(settings, Optional.of(s -> new SecretText("signed." + s + ".x")));
  }

  public int open(PublicSettings settings, Optional<Function<Subject, SecretText>> demo) {
    return start(listener(settings, demo));
  }

  /** Starts the listener for Envoy; gives its port. */
  public int openGrpc(PublicSettings settings) {
    ExtAuthz grpc =
        new ExtAuthz(
            vertx,
            settings.listener(),
            listener(settings, Optional.empty()).validation(),
            settings.cookie(),
            tally);
    int port = grpc.start().await();
    open.add(() -> grpc.close().await());
    return port;
  }

  private int start(PublicListener listener) {
    int port = listener.start().await();
    listeners.add(listener);
    open.add(() -> listener.close().await());
    return port;
  }

  private PublicListener listener(
      PublicSettings settings, Optional<Function<Subject, SecretText>> demo) {
    InstantSource clock = () -> store.now;
    RotationReports reports =
        new RotationReports(ids, audit::add, tally, clock, Addresses::network);
    DpopProofs keys = new DpopProofs(new PlainSeals(), this::claim, clock, executor);
    DbscSessions devices =
        new DbscSessions(
            store,
            policy(),
            new PlainSeals(),
            this::claim,
            audit::add,
            clock,
            new SecureRandom(),
            executor,
            settings.cookie().boundName(),
            settings.cookie().attributes(),
            site);
    TlsProofs tls = new TlsProofs();
    CookieReader cookies = new PlainCookies(settings.cookie().name(), ids);
    NearCache<Reply> cache =
        new NearCache<>(
            new NearCacheSettings(1000, Duration.ofMinutes(1)),
            ids,
            cookies,
            Validation::prepared,
            KnownRevocations.NONE,
            store::touch,
            _ -> clock.millis(),
            System::nanoTime);
    caches.add(cache);
    SignalJudge judge =
        new SignalJudge(
            policy(),
            ids,
            Map.of(
                Signal.USER_AGENT,
                presenter -> Devices.family(presenter.userAgent()),
                Signal.NETWORK,
                presenter -> Addresses.network(presenter.address()),
                Signal.FINGERPRINT,
                Presenter::fingerprint,
                Signal.GATEWAY,
                Presenter::anyGateway),
            audit::add,
            tally,
            RefusalTally.NONE,
            clock,
            new SecureRandom());
    PublicPorts ports =
        new PublicPorts(
            ids,
            cookies,
            this::verify,
            this::authenticate,
            new IssueSession(ids, store, policy(), audit::add, clock, new SecureRandom()),
            new ValidateSession(
                ids,
                store,
                policy(),
                reports,
                new BindingJudge(
                    policy(),
                    Map.of(
                        Binding.Kind.DBSC, devices,
                        Binding.Kind.DPOP, keys,
                        Binding.Kind.CERTIFICATE, tls,
                        Binding.Kind.CERTIFICATE_KEY, tls,
                        Binding.Kind.TLS_EXPORTER, tls),
                    audit::add,
                    tally,
                    RefusalTally.NONE,
                    clock),
                judge,
                cache,
                (session, now) -> standing.objection(session, now)),
            judge,
            cache,
            new ElevateSession(ids, store, policy(), reports),
            new PlainCsrf(),
            new PlainAssertions(),
            new RevokeSessions(ids, store, audit::add, clock),
            new ListSessions(ids, store),
            devices,
            keys,
            tally,
            audit::add,
            Intake.NONE);
    return new PublicListener(vertx, settings, ports, clock, demo);
  }

  /** Makes public listeners part with their connections. */
  public void leave() {
    listeners.forEach(PublicListener::leave);
  }

  /** Lets near caches allow what they remember, for most of a minute. */
  public void current() {
    tell(cache -> cache.current(System.nanoTime()));
  }

  /** Tells near caches of what happens to sessions. */
  public void tell(Consumer<Changes> word) {
    caches.forEach(word);
  }

  public int openAdmin() {
    return openAdmin(ListenerSettings.plain("127.0.0.1", 0));
  }

  public int openAdmin(ListenerSettings settings) {
    return openAdmin(settings, Operators.NONE);
  }

  public int openAdmin(ListenerSettings settings, Operators operators) {
    AdminListener listener =
        new AdminListener(
            vertx,
            settings,
            this::authenticate,
            operators,
            new ListSessions(ids, store),
            new RevokeSessions(ids, store, audit::add, () -> store.now),
            new Campaigns(
                new MemoryCampaigns(),
                new Rules(
                    100,
                    10,
                    Duration.ofHours(1),
                    Duration.ofHours(24),
                    Health.Limits.NONE,
                    Spared.NOBODY,
                    List.of()),
                new CampaignAudit(audit::add),
                executor,
                new SecureRandom()),
            new ReportRefusals(policy(), this::report),
            new Receivers(List.of(), noOutbox(), executor),
            Duration.ofHours(72),
            Duration.ofSeconds(1),
            tally,
            () -> "{\"tenants\":{}}");
    int port = listener.start().await();
    open.add(() -> listener.close().await());
    return port;
  }

  /** Never asked, where there are no receivers. */
  private static Outbox noOutbox() {
    return (Outbox)
        Proxy.newProxyInstance(
            Outbox.class.getClassLoader(),
            new Class<?>[] {Outbox.class},
            (_, method, _) -> {
              throw new IllegalStateException(method.getName());
            });
  }

  private CompletionStage<RefusalReports.Outcome> report(int hours) {
    return CompletableFuture.completedStage(
        store.mood == MemoryStore.Mood.DOWN
            ? new Unavailable("down")
            : new RefusalReports.Report(store.now.minus(Duration.ofHours(hours)), refusals));
  }

  public int openManagement(ListenerSettings settings) {
    Readiness redis = () -> obstacles.stream().findFirst();
    ManagementListener listener =
        new ManagementListener(
            vertx, settings, List.of(redis), () -> "up 1\n", "text/plain; version=0.0.4", tally);
    int port = listener.start().await();
    open.add(() -> listener.close().await());
    return port;
  }

  /** {@code ok.<subject>.<tenant>} is believed. */
  private CompletionStage<LoginProofs.Proof> verify(SecretText assertion) {
    if (proofsDown) {
      return CompletableFuture.completedStage(new Unavailable(proofsDownFor));
    }
    String[] parts = assertion.reveal().split("\\.", 3);
    if (parts.length < 2 || !parts[0].equals("ok")) {
      return CompletableFuture.completedStage(
          new LoginProofs.Refused("exp", "Sign a new assertion"));
    }
    return CompletableFuture.supplyAsync(
        () ->
            new LoginProofs.Proven(
                "issuer",
                parts.length == 3 ? new Tenant(parts[2]) : Tenant.DEFAULT,
                new Subject(parts[1]),
                new Authentication(store.now.minusSeconds(5), "aal2", List.of("pwd", "otp")),
                ClientClass.BROWSER),
        executor);
  }

  /**
   * A credential's name tells its scope, or its role on the admin listener; one with {@code .blue}
   * may act for blue alone.
   */
  private CompletionStage<Services.Caller> authenticate(SecretText credential) {
    if (proofsDown) {
      return CompletableFuture.completedStage(new Unavailable("down"));
    }
    Map<String, Services.Scope> scopes =
        Map.of(
            "issue", Services.Scope.ISSUE,
            "introspect", Services.Scope.INTROSPECT,
            "revoke", Services.Scope.REVOKE,
            "admin", Services.Scope.ADMIN);
    String[] parts = credential.reveal().replaceFirst("^jwt\\.(.*)\\.x$", "$1").split("\\.", 2);
    Optional<Services.Role> role =
        Arrays.stream(Services.Role.values()).filter(r -> r.code().equals(parts[0])).findFirst();
    Services.Scope scope = role.isPresent() ? Services.Scope.ADMIN : scopes.get(parts[0]);
    return CompletableFuture.supplyAsync(
        () ->
            scope == null
                ? new Services.Unknown("Use the key of a configured service")
                : new Services.Service(
                    parts[0],
                    Set.of(scope),
                    parts.length == 2 ? Set.of(new Tenant(parts[1])) : Set.of(),
                    role.map(Set::of).orElse(Set.of())),
        executor);
  }

  private CompletionStage<ReplayGuard.Claim> claim(String owner, String name, Instant until) {
    return CompletableFuture.supplyAsync(
        () ->
            store.mood == MemoryStore.Mood.DOWN
                ? new Unavailable("down")
                : claimed.add(owner + " " + name)
                    ? new ReplayGuard.Fresh()
                    : new ReplayGuard.Seen(),
        executor);
  }

  private Policy policy() {
    return new Policy() {
      @Override
      public BindingPolicy binding(Tenant tenant) {
        return bindings;
      }

      @Override
      public SignalPolicy signals(Tenant tenant) {
        return signals;
      }

      @Override
      public Timeouts timeouts(Tenant tenant, ClientClass clientClass) {
        return new Timeouts(Duration.ofHours(1), Duration.ofHours(24));
      }

      @Override
      public RotationPolicy rotation(Tenant tenant) {
        return RotationPolicy.DEFAULT;
      }

      @Override
      public SubjectLimit limit(Tenant tenant) {
        return new SubjectLimit(3, SubjectLimit.WhenReached.REJECT);
      }
    };
  }

  /** Logs a subject in; gives the {@code Cookie} field that shows the session. */
  public String logIn(int port, String subject) {
    return cookie(
        Wire.call(
            port, "POST /v1/login", List.of("Content-Type: application/jwt"), "ok." + subject));
  }

  /** The {@code Cookie} field that answers a reply's {@code Set-Cookie}. */
  public static String cookie(Wire.Answer answer) {
    String set = answer.one("Set-Cookie");
    return "Cookie: " + set.substring(0, set.indexOf(';'));
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
    executor.shutdownNow();
    if (ownsVertx) {
      vertx.close().await();
    }
  }
}
