package org.symbolon.http;

import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.symbolon.http.admin.AdminListener;
import org.symbolon.http.admin.ManagementListener;
import org.symbolon.http.api.PublicListener;
import org.symbolon.http.api.PublicPorts;
import org.symbolon.http.api.PublicSettings;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.IssueSession;
import org.symbolon.session.ListSessions;
import org.symbolon.session.LoginProofs;
import org.symbolon.session.Policy;
import org.symbolon.session.Readiness;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.RotationReports;
import org.symbolon.session.SecretText;
import org.symbolon.session.Services;
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
  public volatile boolean proofsDown;
  public volatile String proofsDownFor = "down";
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final List<AutoCloseable> open = new ArrayList<>();
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
        PublicSettings.ClearSiteData.NONE);
  }

  /** The usual settings but for the listener. */
  public static PublicSettings on(UnaryOperator<ListenerSettings> change) {
    PublicSettings usual = settings();
    return new PublicSettings(
        change.apply(usual.listener()),
        usual.cookie(),
        usual.allowedOrigins(),
        usual.clearSiteData());
  }

  public static ListenerSettings trusting(ListenerSettings listener, String... cidrs) {
    return new ListenerSettings(
        listener.host(),
        listener.port(),
        listener.tls(),
        TrustedPeers.of(List.of(cidrs)),
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
    InstantSource clock = () -> store.now;
    PublicPorts ports =
        new PublicPorts(
            ids,
            new PlainCookies(settings.cookie().name(), ids),
            this::verify,
            this::authenticate,
            new IssueSession(ids, store, policy(), audit::add, clock, new SecureRandom()),
            new ValidateSession(
                ids,
                store,
                policy(),
                new RotationReports(ids, audit::add, tally, clock, Addresses::network)),
            new RevokeSessions(ids, store, audit::add, clock),
            new ListSessions(ids, store),
            tally,
            audit::add);
    PublicListener listener = new PublicListener(vertx, settings, ports, clock, demo);
    int port = listener.start().await();
    open.add(() -> listener.close().await());
    return port;
  }

  public int openAdmin() {
    return openAdmin(ListenerSettings.plain("127.0.0.1", 0));
  }

  public int openAdmin(ListenerSettings settings) {
    AdminListener listener =
        new AdminListener(
            vertx,
            settings,
            this::authenticate,
            new ListSessions(ids, store),
            new RevokeSessions(ids, store, audit::add, () -> store.now),
            tally,
            () -> "{\"tenants\":{}}");
    int port = listener.start().await();
    open.add(() -> listener.close().await());
    return port;
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

  /** A credential's name tells its scope; one with {@code .blue} may act for blue alone. */
  private CompletionStage<Services.Caller> authenticate(SecretText credential) {
    if (proofsDown) {
      return CompletableFuture.completedStage(new Unavailable("down"));
    }
    Map<String, Services.Scope> scopes =
        Map.of(
            "issue", Services.Scope.ISSUE,
            "introspect", Services.Scope.INTROSPECT,
            "admin", Services.Scope.ADMIN);
    String[] parts = credential.reveal().split("\\.", 2);
    Services.Scope scope = scopes.get(parts[0]);
    return CompletableFuture.supplyAsync(
        () ->
            scope == null
                ? new Services.Unknown("Use the key of a configured service")
                : new Services.Service(
                    parts[0],
                    Set.of(scope),
                    parts.length == 2 ? Set.of(new Tenant(parts[1])) : Set.of()),
        executor);
  }

  private static Policy policy() {
    return new Policy() {
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
