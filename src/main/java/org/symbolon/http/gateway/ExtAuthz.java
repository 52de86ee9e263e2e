package org.symbolon.http.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Exchange;
import org.symbolon.http.Hop;
import org.symbolon.http.Listener;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.http.Responder;
import org.symbolon.session.Indicators;

/**
 * The listener for Envoy's external authorization over gRPC ({@code
 * envoy.service.auth.v3.Authorization}), which Istio, Envoy Gateway and others speak too. HTTP/2
 * alone, by TLS or in the clear by prior knowledge.
 */
public final class ExtAuthz {
  private static final ServiceMethod<Buffer, Buffer> CHECK =
      ServiceMethod.server(
          ServiceName.create("envoy.service.auth.v3", "Authorization"),
          "Check",
          GrpcMessageEncoder.IDENTITY,
          GrpcMessageDecoder.IDENTITY);

  private static final GrpcServerOptions OPTIONS =
      new GrpcServerOptions()
          .removeEnabledProtocol(GrpcProtocol.WEB)
          .removeEnabledProtocol(GrpcProtocol.WEB_TEXT);

  /** As if the original path were behind Envoy's prefix. */
  private static final String PATH = "/gw/envoy/validate";

  private static final Logger LOG = LoggerFactory.getLogger(ExtAuthz.class);

  private final Vertx vertx;
  private final Responder responder;
  private final Listener listener;
  private final Validation validation;
  private final Set<String> ownCookies;
  private final Indicators indicators;

  public ExtAuthz(
      Vertx vertx,
      ListenerSettings settings,
      Validation validation,
      CookieAttributes cookie,
      Indicators indicators) {
    this.vertx = vertx;
    this.responder = new Responder(indicators);
    this.validation = validation;
    this.indicators = indicators;
    this.ownCookies = Set.of(cookie.name(), cookie.boundName());
    this.listener = Listener.http2(vertx, "grpc", settings, responder, indicators, this::accept);
  }

  /** Listens; gives the bound port. */
  public Future<Integer> start() {
    return listener.start();
  }

  public Future<Void> close() {
    return listener.close();
  }

  private void accept(Exchange exchange) {
    if (exchange.request().version() != HttpVersion.HTTP_2) {
      responder.send(exchange, Reply.problem(Problems.notFound()));
      return;
    }
    GrpcServer.server(vertx, OPTIONS)
        .callHandler(CHECK, call -> answer(exchange, call))
        .handle(exchange.request());
  }

  private void answer(Exchange exchange, GrpcServerRequest<Buffer, Buffer> call) {
    call.last()
        .onSuccess(
            message -> {
              try {
                CheckRequest request = CheckRequest.read(message.getBytes());
                judge(exchange, request, reply -> send(call, request, reply));
              } catch (IOException e) {
                LOG.debug("not a CheckRequest", e);
                var _ = call.response().status(GrpcStatus.INVALID_ARGUMENT).end();
              }
            });
  }

  private void send(GrpcServerRequest<Buffer, Buffer> call, CheckRequest request, Reply reply) {
    var _ = call.response().end(Buffer.buffer(CheckResponse.of(reply, request, ownCookies)));
  }

  private void judge(Exchange exchange, CheckRequest request, Consumer<Reply> out) {
    if (exchange.hop().ignores(request.source(), request.certificate())) {
      indicators.forwardedIgnored();
    }
    Optional<Hop> hop = hop(exchange, request);
    if (hop.isEmpty()) {
      out.accept(Identity.unacceptable());
      return;
    }
    String path = PATH + (request.target().startsWith("/") ? request.target() : "");
    Exchange told = exchange.telling(request.method(), path, request.fields(), hop.get());
    validation.notePlaintext(told);
    validation.judge(told, Profile.ENVOY, out);
  }

  private static Optional<Hop> hop(Exchange exchange, CheckRequest request) {
    try {
      return exchange
          .hop()
          .telling(request.scheme(), request.host(), request.source(), request.certificate());
    } catch (RefusedRequest e) {
      LOG.debug("attributes.source.certificate: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
