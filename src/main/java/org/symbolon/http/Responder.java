package org.symbolon.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.Indicators;

/** Writes replies; every one of every listener leaves here, with the security fields. */
public final class Responder {
  private static final Logger LOG = LoggerFactory.getLogger(Responder.class);
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final int LEAVING_SECONDS = 10;

  /** Field names that are neither hashed nor encoded again; all are the service's own, and few. */
  private static final Map<String, CharSequence> NAMES = new ConcurrentHashMap<>();

  private static final Function<Reply, MultiMap> LAY_OUT = Responder::layOut;

  private final Indicators indicators;
  private volatile boolean isLeaving;

  public Responder(Indicators indicators) {
    this.indicators = indicators;
  }

  /** From now on each reply is its connection's last. */
  void leave() {
    isLeaving = true;
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
    if (reply.isLasting() && request.version() != HttpVersion.HTTP_2) {
      fields.setAll(reply.laidOut(LAY_OUT));
    } else {
      set(reply, fields);
    }
    if (request.isSSL()) {
      fields.set("Strict-Transport-Security", "max-age=31536000");
    }
    reply.cookie().ifPresent(cookie -> set(cookie, response));
    boolean ends = endsConnection || reply.status() == 413;
    end(request, reply, ends);
  }

  private void end(HttpServerRequest request, Reply reply, boolean ends) {
    HttpServerResponse response = request.response();
    boolean http1 = request.version() != HttpVersion.HTTP_2;
    boolean unread = Bodies.isAnnounced(request) && !request.isEnded();
    boolean closes = http1 && (ends || unread || isLeaving);
    if (closes) {
      response.putHeader("Connection", "close");
      Peer.of(request).part();
    }
    if (reply.writer().isPresent() && !request.method().equals(HttpMethod.HEAD)) {
      reply.writer().get().accept(response.setChunked(true));
      return;
    }
    Future<Void> written =
        reply.body().length() == 0 || request.method().equals(HttpMethod.HEAD)
            ? response.end()
            : response.end(reply.body());
    if (closes) {
      written.onComplete(_ -> Peer.of(request).hangUp(request.connection()));
    } else if (unread) {
      written.onComplete(_ -> response.reset(0));
    } else if (isLeaving) {
      // GOAWAY, and the end once the streams under way have theirs.
      written.onComplete(_ -> request.connection().shutdown(LEAVING_SECONDS, TimeUnit.SECONDS));
    }
  }

  /** Sets the fields that stand in every reply, and this one's own. */
  private static void set(Reply reply, MultiMap fields) {
    set(fields, "Cache-Control", "no-store");
    set(fields, "X-Content-Type-Options", "nosniff");
    set(fields, "Referrer-Policy", "no-referrer");
    if (!reply.contentType().isEmpty()) {
      set(fields, "Content-Type", reply.contentType());
      if (reply.contentType().startsWith("text/html")) {
        set(fields, "Content-Security-Policy", PAGE_POLICY);
      }
    }
    reply.fields().forEach((name, value) -> set(fields, name, value));
    if (reply.status() != 204 && reply.writer().isEmpty()) {
      set(fields, "Content-Length", Integer.toString(reply.body().length()));
    }
  }

  private static void set(MultiMap fields, String name, String value) {
    CharSequence known = NAMES.get(name);
    fields.set(
        known == null ? NAMES.computeIfAbsent(name, HttpHeaders::createOptimized) : known, value);
  }

  private static MultiMap layOut(Reply reply) {
    MultiMap fields = HttpHeaders.headers();
    set(reply, fields);
    return fields.copy(false);
  }

  /** Sets the cookie, the only one of this reply, and counts it. */
  public void set(SetCookie cookie, HttpServerResponse response) {
    response.headers().set("Set-Cookie", cookie.line().reveal());
    indicators.setCookie(cookie.secure(), cookie.httpOnly(), cookie.sameSite());
  }
}
