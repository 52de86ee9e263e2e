package org.symbolon.http.gateway;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Exchange;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.http.Responder;
import org.symbolon.session.CookieReader;
import org.symbolon.session.Decision;
import org.symbolon.session.Indicators;
import org.symbolon.session.Reason;
import org.symbolon.session.Unavailable;
import org.symbolon.session.ValidateSession;

/**
 * Answers gateways whether a request's session is good.
 *
 * <p>Ignores the request's query, body, {@code Upgrade} and {@code Expect}: they are the client's.
 */
public final class Validation {
  private static final Logger LOG = LoggerFactory.getLogger(Validation.class);
  private static final String OWN = "/v1/validate";
  private static final String GATEWAYS = "/gw/";
  private static final String ENVOY = "/gw/envoy/validate/";

  private final CookieReader cookies;
  private final ValidateSession sessions;
  private final CookieAttributes cookie;
  private final Responder responder;
  private final Indicators indicators;

  public Validation(
      CookieReader cookies,
      ValidateSession sessions,
      CookieAttributes cookie,
      Responder responder,
      Indicators indicators) {
    this.cookies = cookies;
    this.sessions = sessions;
    this.cookie = cookie;
    this.responder = responder;
    this.indicators = indicators;
  }

  /**
   * The answer to a request that is refused for its form, on validate's paths: a gateway may turn
   * any other status than those of a decision into a fault of its own.
   */
  public static Optional<Reply> refusal(String path) {
    return path.equals(OWN) || path.startsWith(GATEWAYS)
        ? Optional.of(Identity.unacceptable())
        : Optional.empty();
  }

  /** Answers if the path is one of validate's; else does nothing and is false. */
  public boolean answers(Exchange exchange) {
    String path = exchange.path();
    if (path.equals(OWN)) {
      String method = exchange.method();
      if (method.equals("GET") || method.equals("HEAD")) {
        answer(exchange, Profile.DIRECT);
      } else {
        responder.send(exchange, Identity.unacceptable());
      }
      return true;
    }
    if (!path.startsWith(GATEWAYS)) {
      return false;
    }
    if (path.startsWith(ENVOY)) {
      answer(exchange, Profile.ENVOY);
      return true;
    }
    String[] parts = path.split("/", -1);
    if (parts.length != 4 || !parts[3].equals("validate")) {
      return false;
    }
    Optional<Profile> profile = Profile.gateway(parts[2]);
    if (profile.isPresent()) {
      answer(exchange, profile.get());
    } else {
      responder.send(exchange, Reply.problem(Problems.profileUnknown(Profile.names())));
    }
    return true;
  }

  private void answer(Exchange exchange, Profile profile) {
    long start = System.nanoTime();
    if (!exchange.hop().acceptable()) {
      responder.send(exchange, Identity.unacceptable());
      return;
    }
    indicators.cookieHeaderBytes(exchange.cookieFields().stream().mapToInt(String::length).sum());
    decide(exchange)
        .onComplete(
            done -> {
              Decision decision = done.succeeded() ? done.result() : fault(done.cause());
              indicators.validated(
                  result(decision), profile.text(), Duration.ofNanos(System.nanoTime() - start));
              responder.send(exchange, reply(decision));
            });
  }

  private Future<Decision> decide(Exchange exchange) {
    try {
      return exchange.await(sessions.validate(cookies.read(exchange.cookieFields())));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** A fault of the service says nothing against a session. */
  private static Decision fault(Throwable cause) {
    String id = Responder.errorId();
    LOG.error("fault {} in validate", id, cause);
    return new Unavailable("fault " + id);
  }

  private Reply reply(Decision decision) {
    Reply reply = Identity.reply(decision);
    return decision instanceof Decision.Deny(Reason reason) && deletes(reason)
        ? reply.with(cookie.cleared())
        : reply;
  }

  /**
   * True where the presented session is over for good. A refusal that arrives after a newer login's
   * reply, or from a node that lacks a key, would otherwise delete a good cookie.
   */
  private static boolean deletes(Reason reason) {
    return switch (reason) {
      case EXPIRED, REUSED -> true;
      case MISSING, MALFORMED, AMBIGUOUS, REVOKED, SUPERSEDED -> false;
    };
  }

  private static String result(Decision decision) {
    return switch (decision) {
      case Decision.Allow _ -> "allow";
      case Decision.Deny(Reason reason) -> reason.code();
      case Unavailable _ -> "unavailable";
    };
  }
}
