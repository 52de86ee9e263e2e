package org.symbolon.http.gateway;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future.State;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Exchange;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.http.Responder;
import org.symbolon.session.AppAssertions;
import org.symbolon.session.Condition;
import org.symbolon.session.CookieReader;
import org.symbolon.session.CsrfTokens;
import org.symbolon.session.Decision;
import org.symbolon.session.Demand;
import org.symbolon.session.Indicators;
import org.symbolon.session.KnownAnswers;
import org.symbolon.session.Likeness;
import org.symbolon.session.Presented;
import org.symbolon.session.Reason;
import org.symbolon.session.RotationOutcome;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;
import org.symbolon.session.SignalJudge;
import org.symbolon.session.Unavailable;
import org.symbolon.session.ValidateSession;

/**
 * Answers gateways whether a request's session is good.
 *
 * <p>Ignores the request's query, body, {@code Upgrade} and {@code Expect}: they are the client's.
 */
public final class Validation {
  private static final Logger LOG = LoggerFactory.getLogger(Validation.class);
  private static final Original UNTOLD = new Original(false, List.of());
  private static final String OWN = "/v1/validate";
  private static final String GATEWAYS = "/gw/";

  private static final Map<String, Profile> PATHS =
      Profile.gateways()
          .collect(Collectors.toMap(p -> GATEWAYS + p.text() + "/validate", Function.identity()));

  /** Envoy puts the original path behind its prefix. */
  private static final Map<String, Profile> PREFIXES =
      Map.of("/gw/envoy/validate/", Profile.ENVOY, "/gw/istio/validate/", Profile.ISTIO);

  private final CookieReader cookies;
  private final KnownAnswers<Reply> known;
  private final ValidateSession sessions;
  private final SignalJudge signals;
  private final CookieAttributes cookie;
  private final Carriers carriers;
  private final RouteDemands routes;
  private final CsrfTokens csrf;
  private final Audiences audiences;
  private final AppAssertions assertions;
  private final Supplier<String> nonces;
  private final Responder responder;
  private final Indicators indicators;

  /**
   * @param nonces what the next DPoP proof has to name
   */
  public Validation(
      CookieReader cookies,
      KnownAnswers<Reply> known,
      ValidateSession sessions,
      SignalJudge signals,
      CookieAttributes cookie,
      Carriers carriers,
      RouteDemands routes,
      CsrfTokens csrf,
      Audiences audiences,
      AppAssertions assertions,
      Supplier<String> nonces,
      Responder responder,
      Indicators indicators) {
    this.cookies = cookies;
    this.known = known;
    this.sessions = sessions;
    this.signals = signals;
    this.cookie = cookie;
    this.carriers = carriers;
    this.routes = routes;
    this.csrf = csrf;
    this.audiences = audiences;
    this.assertions = assertions;
    this.nonces = nonces;
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

  /** The answer to a decision that sets no cookie, for all requests that get it. */
  public static Reply prepared(Decision decision) {
    return Identity.reply(decision, Demand.NONE).lasting();
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
    Profile known = PATHS.get(path);
    if (known != null) {
      answer(exchange, known);
      return true;
    }
    for (Map.Entry<String, Profile> prefix : PREFIXES.entrySet()) {
      if (path.startsWith(prefix.getKey())) {
        answer(exchange, prefix.getValue());
        return true;
      }
    }
    String[] parts = path.split("/", -1);
    if (parts.length != 4 || !parts[3].equals("validate")) {
      return false;
    }
    responder.send(exchange, Reply.problem(Problems.profileUnknown(Profile.names())));
    return true;
  }

  private void answer(Exchange exchange, Profile profile) {
    judge(exchange, profile, reply -> responder.send(exchange, reply));
  }

  /** What a gateway asks, since when, and whom to tell. */
  private record Question(Exchange exchange, Profile profile, long start, Consumer<Reply> out) {}

  /**
   * Gives the reply to a gateway's question, whatever carries it: always one.
   *
   * @param out called on the exchange's event loop, or at once
   */
  void judge(Exchange exchange, Profile profile, Consumer<Reply> out) {
    if (!exchange.hop().acceptable()) {
      out.accept(Identity.unacceptable());
      return;
    }
    Question question = new Question(exchange, profile, System.nanoTime(), out);
    List<String> fields = exchange.cookieFields();
    indicators.cookieHeaderBytes(length(fields));
    if (Signed.isIgnored(exchange, profile)) {
      indicators.forwardedIgnored();
    }
    Original original = routes.isEmpty() ? UNTOLD : Original.of(exchange, profile);
    Demand demand = routes.of(original, profile);
    Condition condition = condition(demand, original, exchange);
    KnownAnswers.Known<Reply> answer =
        known.recall(fields, () -> exchange.evidence(Signed.of(exchange, profile)));
    if (answer != null
        && !(answer.isRotationDue() && carriers.takesCookie(exchange, profile))
        && isFor(answer, exchange, profile)) {
      Optional<Reason> objection =
          routes.isEmpty() ? Optional.empty() : answer.objection(condition);
      if (objection.isEmpty()) {
        vouch(question, answer.decision(), answer.answer());
      } else {
        Decision denial = new Decision.Deny(objection.get());
        send(question, denial, reply(denial, demand));
      }
      return;
    }
    decide(exchange, profile, condition)
        .onComplete(
            done -> {
              Decision decision =
                  done.succeeded()
                      ? orStale(done.result(), question, routes.staleAllow(original), condition)
                      : fault(done.cause());
              Reply reply = reply(decision, demand);
              vouch(
                  question,
                  decision,
                  Again.helps(decision, exchange, profile) ? reply.with(Again.FIELD, "1") : reply);
            });
  }

  /** Whether an answer holds for who asks: always, and at no cost, where no signal is on. */
  private boolean isFor(KnownAnswers.Known<Reply> answer, Exchange exchange, Profile profile) {
    return answer.likeness().equals(Likeness.ANYONE)
        || signals.recognises(answer, exchange.presenter(profile.text()));
  }

  /** What is remembered of the session, where the store gives no answer and the route takes it. */
  private Decision orStale(
      Decision decision, Question question, Duration longest, Condition condition) {
    if (!(decision instanceof Unavailable) || longest.isZero()) {
      return decision;
    }
    Exchange exchange = question.exchange();
    KnownAnswers.Known<Reply> stale =
        known.recallStale(
            exchange.cookieFields(),
            () -> exchange.evidence(Signed.of(exchange, question.profile())),
            longest);
    return stale == null || !isFor(stale, exchange, question.profile())
        ? decision
        : stale.objection(condition).<Decision>map(Decision.Deny::new).orElse(stale.decision());
  }

  /** Answers, and tells the application by an assertion where it gets one. */
  private void vouch(Question question, Decision decision, Reply reply) {
    String audience =
        decision instanceof Decision.Allow
            ? audiences.of(question.exchange(), question.profile())
            : null;
    if (!(decision instanceof Decision.Allow allow) || audience == null) {
      send(question, decision, reply);
      return;
    }
    CompletableFuture<String> assertion = assertions.of(allow.session(), audience);
    if (assertion.state() == State.SUCCESS) {
      send(question, allow, Identity.vouched(reply, assertion.resultNow()));
      return;
    }
    question
        .exchange()
        .await(assertion)
        .onSuccess(text -> send(question, allow, Identity.vouched(reply, text)))
        .onFailure(
            cause -> {
              Decision fault = fault(cause);
              send(question, fault, reply(fault, Demand.NONE));
            });
  }

  private void send(Question question, Decision decision, Reply reply) {
    indicators.validated(
        result(decision), question.profile().text(), question.start(), System.nanoTime());
    question.out().accept(reply);
  }

  /** Counts a session cookie that somebody on the way could read, and flags its session. */
  public void notePlaintext(Exchange exchange) {
    boolean acceptable = exchange.hop().acceptable();
    if (acceptable && !exchange.hop().clientPlaintext()) {
      return;
    }
    Presented presented = cookies.read(exchange.cookieFields());
    if (!(presented instanceof Presented.Missing)) {
      indicators.cookieOverPlaintext(acceptable ? "client" : "service");
      sessions.noteInPlaintext(presented);
    }
  }

  private static int length(List<String> fields) {
    int length = 0;
    for (String field : fields) {
      length += field.length();
    }
    return length;
  }

  private Future<Decision> decide(Exchange exchange, Profile profile, Condition condition) {
    try {
      return exchange.await(
          sessions.validate(
              cookies.read(exchange.cookieFields()),
              exchange.evidence(Signed.of(exchange, profile)),
              carriers.takesCookie(exchange, profile),
              exchange.presenter(profile.text()),
              condition));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** The demand, and where the request may change something, the session's token. */
  private Condition condition(Demand demand, Original original, Exchange exchange) {
    if (!demand.csrf() || original.isSafe()) {
      return demand;
    }
    String token = exchange.field("X-CSRF-Token").orElse("");
    return (session, now) ->
        demand
            .objection(session, now)
            .or(() -> csrf.isGood(token, session) ? Optional.empty() : Optional.of(Reason.CSRF));
  }

  /** A fault of the service says nothing against a session. */
  private static Decision fault(Throwable cause) {
    String id = Responder.errorId();
    LOG.error("fault {} in validate", id, cause);
    return new Unavailable("fault " + id);
  }

  private Reply reply(Decision decision, Demand demand) {
    if (decision instanceof Decision.Allow allow && allow.outcome() == RotationOutcome.ISSUED) {
      indicators.renewed("rotation");
    }
    Reply reply = Identity.reply(decision, demand);
    return switch (decision) {
      case Decision.Allow(Session session, Optional<SecretText> successor, var _) ->
          successor.map(id -> reply.with(cookie.carrying(id, session))).orElse(reply);
      case Decision.Deny(Reason reason) when reason == Reason.USE_DPOP_NONCE ->
          reply.with("DPoP-Nonce", nonces.get());
      case Decision.Deny(Reason reason) -> reason.isFinal() ? reply.with(cookie.cleared()) : reply;
      case Unavailable _ -> reply;
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
