package org.symbolon.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.Indicators;

/** Listens on a port with all limits in force and hands on well-formed requests. */
public final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final String DECODER = "httpDecoder";

  /** Beyond this Netty answers by itself; up to it the reply has the security fields. */
  private static final int HTTP2_HEADER_LIST = 128 * 1024;

  private static final int HANDSHAKE_SECONDS = 5;
  private static final int PARTING_SECONDS = 2;

  /** Servers of one Vert.x share a free port if they ask for it by the same negative number. */
  private static final AtomicInteger FREE_PORTS = new AtomicInteger();

  private final Vertx vertx;
  private final String name;
  private final ListenerSettings settings;
  private final Responder responder;
  private final RequestRules rules;
  private final Hops hops;
  private final Refusals refusals;
  private final Consumer<Exchange> front;
  private final boolean isHttp2Clear;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final List<String> deployments = new CopyOnWriteArrayList<>();
  private final TlsRenewal renewal;

  /**
   * @param name what the log calls it
   * @param front takes each well-formed request, on its event loop
   */
  public Listener(
      Vertx vertx,
      String name,
      ListenerSettings settings,
      Responder responder,
      Indicators indicators,
      Consumer<Exchange> front) {
    this(vertx, name, settings, responder, indicators, _ -> Optional.empty(), front);
  }

  /**
   * @param refusals where a request refused before it reaches the front is answered otherwise
   */
  public Listener(
      Vertx vertx,
      String name,
      ListenerSettings settings,
      Responder responder,
      Indicators indicators,
      Refusals refusals,
      Consumer<Exchange> front) {
    this(vertx, name, settings, responder, indicators, refusals, front, false);
  }

  /** One that takes HTTP/2 in the clear as well, by prior knowledge (RFC 9113 section 3.3). */
  public static Listener http2(
      Vertx vertx,
      String name,
      ListenerSettings settings,
      Responder responder,
      Indicators indicators,
      Consumer<Exchange> front) {
    return new Listener(
        vertx, name, settings, responder, indicators, _ -> Optional.empty(), front, true);
  }

  private Listener(
      Vertx vertx,
      String name,
      ListenerSettings settings,
      Responder responder,
      Indicators indicators,
      Refusals refusals,
      Consumer<Exchange> front,
      boolean isHttp2Clear) {
    this.isHttp2Clear = isHttp2Clear;
    this.vertx = vertx;
    this.name = name;
    this.settings = settings;
    this.responder = responder;
    this.rules = new RequestRules(settings.limits());
    this.hops = new Hops(settings.trusted(), indicators);
    this.refusals = refusals;
    this.front = front;
    this.renewal = new TlsRenewal(vertx, name, servers);
  }

  /** Answers a request by routes, refusing plaintext from where it may not come. */
  public static Consumer<Exchange> routed(Responder responder, Routes routes, Limits limits) {
    return exchange -> {
      HttpServerRequest request = exchange.request();
      if (!exchange.hop().acceptable()) {
        responder.send(request, Reply.problem(Problems.plaintextRefused()), true);
      } else {
        answer(responder, routes, limits, exchange);
      }
    };
  }

  /** Answers a request by routes, over plaintext from anywhere. */
  public static Consumer<Exchange> open(Responder responder, Routes routes, Limits limits) {
    return exchange -> answer(responder, routes, limits, exchange);
  }

  private static void answer(Responder responder, Routes routes, Limits limits, Exchange exchange) {
    HttpServerRequest request = exchange.request();
    if (Bodies.isTooLarge(request, limits.body())) {
      responder.send(request, Reply.problem(Problems.bodyTooLarge(limits.body())), true);
    } else {
      responder.send(request, routes.answer(exchange));
    }
  }

  /** Listens; gives the bound port. A failure's message begins with the setting at fault. */
  public Future<Integer> start() {
    return settings
        .tls()
        .map(
            files ->
                TlsPair.read(vertx, files)
                    .compose(
                        pair -> listen(secured(pair)).onSuccess(_ -> renewal.begin(files, pair))))
        .orElseGet(() -> listen(options()))
        .onSuccess(port -> LOG.info("{} listens on {} port {}", name, settings.host(), port));
  }

  /** Goes on answering, each reply being its connection's last. */
  public void leave() {
    responder.leave();
  }

  /** Lets requests under way end, for two seconds, and closes. */
  public Future<Void> close() {
    renewal.end();
    List<Future<Void>> partings =
        servers.stream().map(server -> server.shutdown(PARTING_SECONDS, TimeUnit.SECONDS)).toList();
    return Future.join(partings)
        .transform(_ -> Future.join(deployments.stream().map(vertx::undeploy).toList()))
        .mapEmpty();
  }

  private Future<Integer> listen(HttpServerOptions options) {
    if (settings.port() == 0) {
      options.setPort(-FREE_PORTS.incrementAndGet());
    }
    return Future.all(
            IntStream.range(0, settings.eventLoops()).mapToObj(_ -> deploy(options)).toList())
        .map(all -> all.<Integer>resultAt(0))
        .recover(e -> Future.failedFuture(new IllegalStateException(reason(e), e)));
  }

  private String reason(Throwable failure) {
    String said = String.valueOf(failure.getMessage());
    if (failure instanceof BindException && said.contains("in use")) {
      return "port: "
          + settings.port()
          + " is in use; choose another or end the program that has it";
    }
    return failure instanceof SocketException && said.contains("denied")
        ? "port: " + settings.port() + " needs more rights; choose one from 1024 on"
        : "host: can't listen on " + settings.host() + ": " + said;
  }

  private Future<Integer> deploy(HttpServerOptions options) {
    HttpServer server =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::tighten)
            .exceptionHandler(e -> LOG.debug("{}: a connection failed", name, e))
            .requestHandler(this::handle)
            .invalidRequestHandler(this::handle);
    VerticleBase verticle =
        new VerticleBase() {
          @Override
          public Future<?> start() {
            return server.listen();
          }
        };
    return vertx
        .deployVerticle(verticle, new DeploymentOptions())
        .map(
            id -> {
              deployments.add(id);
              servers.add(server);
              return server.actualPort();
            });
  }

  private HttpServerOptions options() {
    Limits limits = settings.limits();
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setMaxInitialLineLength(limits.requestLine())
            .setMaxHeaderSize(limits.head())
            .setMaxFormAttributeSize(limits.body())
            .setHttp2ClearTextEnabled(isHttp2Clear)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(100)
                    .setMaxHeaderListSize(HTTP2_HEADER_LIST));
    options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    // Of what the peer sends alone: to watch the replies too would cost each of them a listener.
    options.setReadIdleTimeout(Math.toIntExact(limits.idle().toMillis()));
    return options;
  }

  private HttpServerOptions secured(TlsPair pair) {
    HttpServerOptions options = options();
    options.setSsl(true);
    options.setSslEngineOptions(new GuardedTls(settings.limits()));
    options.setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    options.setSslHandshakeTimeout(HANDSHAKE_SECONDS);
    // There are none before one of them is set.
    pair.into(options.getSslOptions());
    return options;
  }

  private void tighten(HttpConnection connection) {
    ChannelPipeline pipeline = Peer.channel(connection).pipeline();
    StrictRequestDecoder decoder = null;
    if (pipeline.get(DECODER) != null) {
      decoder = new StrictRequestDecoder(options(), settings.limits());
      pipeline.replace(DECODER, DECODER, decoder);
      if (!isHttp2Clear) {
        // The decoder does its work at less cost a request, but not after an upgrade.
        pipeline.remove(IdleStateHandler.class);
      }
    }
    Peer.meet(connection, decoder, settings.trusted());
  }

  private void handle(HttpServerRequest request) {
    Peer peer = Peer.of(request);
    if (peer.isParting()) {
      return;
    }
    try {
      String authority = rules.check(request, peer);
      if (Methods.KNOWN.contains(request.method().name())) {
        Hop hop = hops.of(request, peer, authority);
        front.accept(new Exchange(request, hop, vertx.getOrCreateContext(), settings.limits()));
      } else {
        refuse(request, Routes.notAllowed(Methods.COMMON), true);
      }
    } catch (RefusedRequest e) {
      refuse(request, Reply.problem(e.problem()), e.endsConnection());
    } catch (RuntimeException e) {
      responder.fail(request, e);
    }
  }

  private void refuse(HttpServerRequest request, Reply reply, boolean endsConnection) {
    String path = request.path();
    responder.send(request, refusals.on(path == null ? "" : path).orElse(reply), endsConnection);
  }
}
