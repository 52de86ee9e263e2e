package org.symbolon.http;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.Indicators;

/** Writes replies; every one of every listener leaves here, with the security fields. */
public final class Responder {
  private static final Logger LOG = LoggerFactory.getLogger(Responder.class);
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final Indicators indicators;

  public Responder(Indicators indicators) {
    this.indicators = indicators;
  }

  /** Answers; does nothing where the peer has gone. */
  public void send(Exchange exchange, Reply reply) {
    send(exchange.request(), reply, false);
  }

  /** Answers with what comes, or with the problem that came instead. */
  void send(HttpServerRequest request, Future<Reply> reply) {
    reply.onComplete(
        done -> {
          if (done.succeeded()) {
            send(request, done.result(), false);
          } else {
            fail(request, done.cause());
          }
        });
  }

  void fail(HttpServerRequest request, Throwable cause) {
    if (cause instanceof RefusedRequest refused) {
      send(request, Reply.problem(refused.problem()), refused.endsConnection());
    } else if (isGone(request)) {
      LOG.debug("the peer went away before its reply");
    } else {
      String id = errorId();
      LOG.error("fault {} in {}", id, request.method(), cause);
      send(request, Reply.problem(Problems.fault(id)), false);
    }
  }

  /** A name by which a fault is found in the log. */
  public static String errorId() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** True where nobody is there to be answered, or was answered. */
  public static boolean isGone(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    return response.ended() || response.closed();
  }

  void send(HttpServerRequest request, Reply reply, boolean endsConnection) {
    if (isGone(request)) {
      return;
    }
    HttpServerResponse response = request.response().setStatusCode(reply.status());
    MultiMap fields = response.headers();
    secure(request);
    if (!reply.contentType().isEmpty()) {
      fields.set("Content-Type", reply.contentType());
      if (reply.contentType().startsWith("text/html")) {
        fields.set("Content-Security-Policy", PAGE_POLICY);
      }
    }
    reply.fields().forEach(fields::set);
    reply.cookie().ifPresent(cookie -> set(cookie, response));
    if (reply.status() != 204) {
      fields.set("Content-Length", Integer.toString(reply.body().length()));
    }
    boolean ends = endsConnection || reply.status() == 413;
    end(request, reply, ends);
  }

  private void end(HttpServerRequest request, Reply reply, boolean ends) {
    HttpServerResponse response = request.response();
    boolean http1 = request.version() != HttpVersion.HTTP_2;
    boolean unread = Bodies.isAnnounced(request) && !request.isEnded();
    if (http1 && (ends || unread)) {
      response.putHeader("Connection", "close");
      decoder(request).ifPresent(StrictRequestDecoder::part);
    }
    Future<Void> written =
        request.method().name().equals("HEAD") ? response.end() : response.end(reply.body());
    written.onComplete(
        _ -> {
          if (http1 && (ends || unread)) {
            hangUp(request);
          } else if (!http1 && unread) {
            request.response().reset(0);
          }
        });
  }

  /** Closes the connection once its reply can be read. */
  private static void hangUp(HttpServerRequest request) {
    ChannelHandlerContext context = context(request);
    Optional<StrictRequestDecoder> decoder = decoder(request);
    if (context != null && decoder.isPresent()) {
      decoder.get().hangUp(context);
    } else {
      request.connection().close().onFailure(e -> LOG.debug("closing failed", e));
    }
  }

  /** The decoder of a connection of HTTP/1. */
  static Optional<StrictRequestDecoder> decoder(HttpServerRequest request) {
    ChannelHandlerContext context = context(request);
    return context != null && context.handler() instanceof StrictRequestDecoder decoder
        ? Optional.of(decoder)
        : Optional.empty();
  }

  private static @Nullable ChannelHandlerContext context(HttpServerRequest request) {
    return request.connection() instanceof ConnectionBase connection
        ? connection.channel().pipeline().context(StrictRequestDecoder.class)
        : null;
  }

  /** Sets the fields that stand in every reply. */
  public static void secure(HttpServerRequest request) {
    MultiMap fields = request.response().headers();
    fields.set("Cache-Control", "no-store");
    fields.set("X-Content-Type-Options", "nosniff");
    fields.set("Referrer-Policy", "no-referrer");
    if (request.isSSL()) {
      fields.set("Strict-Transport-Security", "max-age=31536000");
    }
  }

  /** Sets the cookie, the only one of this reply, and counts it. */
  public void set(SetCookie cookie, HttpServerResponse response) {
    response.headers().set("Set-Cookie", cookie.line().reveal());
    indicators.setCookie(cookie.secure(), cookie.httpOnly(), cookie.sameSite());
  }
}
