package org.symbolon.http.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Exchange;
import org.symbolon.http.Form;
import org.symbolon.http.Json;
import org.symbolon.http.Members;
import org.symbolon.http.Problem;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.http.SessionView;
import org.symbolon.session.Attributes;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Binding;
import org.symbolon.session.Issuance;
import org.symbolon.session.KeyProofs;
import org.symbolon.session.Login;
import org.symbolon.session.LoginProofs;
import org.symbolon.session.Presented;
import org.symbolon.session.Presenter;
import org.symbolon.session.Reason;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;
import org.symbolon.session.Unavailable;

/** {@code POST /v1/login}: turns an issuer's assertion into a session and sets its cookie. */
final class LoginEndpoint {
  private static final String ASSERTION = "assertion";
  private static final int MAX_DETAIL = 256;

  private final PublicPorts ports;
  private final CookieAttributes cookie;
  private final CrossSite crossSite;
  private final Devices devices;
  private final InstantSource clock;

  LoginEndpoint(
      PublicPorts ports, CookieAttributes cookie, CrossSite crossSite, InstantSource clock) {
    this.ports = ports;
    this.cookie = cookie;
    this.crossSite = crossSite;
    this.devices = new Devices(ports.ids());
    this.clock = clock;
  }

  Future<Reply> answer(Exchange exchange, Map<String, String> path) {
    Optional<Problem> objection = crossSite.objection(exchange);
    if (objection.isPresent()) {
      ports.indicators().login("cross-site");
      return Future.succeededFuture(Reply.problem(objection.get()));
    }
    return exchange
        .body()
        .compose(
            body -> {
              SecretText assertion = assertion(exchange, body);
              // First, for an assertion is used up by being judged.
              return key(exchange)
                  .compose(
                      key ->
                          switch (key) {
                            case KeyProofs.Faulty faulty -> refused(exchange, faulty);
                            case Unavailable cause -> Future.succeededFuture(unavailable(cause));
                            case KeyProofs.Holder(String thumbprint) ->
                                verified(exchange, assertion, ShownKeys.of(exchange, thumbprint));
                          });
            });
  }

  /** The key that the login's program shows; an empty thumbprint where it shows none. */
  private Future<KeyProofs.Judged> key(Exchange exchange) {
    return exchange
        .sent()
        .map(sent -> exchange.await(ports.keys().judge(sent)))
        .orElseGet(() -> Future.succeededFuture(new KeyProofs.Holder("")));
  }

  private Future<Reply> refused(Exchange exchange, KeyProofs.Faulty faulty) {
    ports.indicators().login("refused");
    if (faulty.reason() != Reason.USE_DPOP_NONCE) {
      ports.audit().record(event(faulty.claim(), faulty.mend(), exchange.presenter("direct")));
    }
    return Future.succeededFuture(
        Reply.problem(Problems.of(faulty)).with("DPoP-Nonce", ports.keys().nonce()));
  }

  private Future<Reply> verified(Exchange exchange, SecretText assertion, List<Binding> keys) {
    return exchange
        .await(ports.proofs().verify(assertion))
        .compose(proof -> judged(exchange, proof, keys));
  }

  private static SecretText assertion(Exchange exchange, Buffer body) {
    String text =
        switch (MediaType.of(exchange)) {
          case MediaType.JWT -> body.toString(StandardCharsets.UTF_8).strip();
          case MediaType.JSON ->
              new Members(Json.read(body), List.of(ASSERTION)).requiredText(ASSERTION);
          case MediaType.FORM ->
              Form.parse(body.toString(StandardCharsets.UTF_8), "body").one(ASSERTION).orElse("");
          default ->
              throw new RefusedRequest(
                  Problems.mediaTypeUnsupported(
                      MediaType.JWT + ", " + MediaType.JSON + " or " + MediaType.FORM));
        };
    if (text.isEmpty()) {
      throw Members.refused(ASSERTION, "is missing", "Send the issuer's signed assertion");
    }
    return new SecretText(text);
  }

  private Future<Reply> judged(Exchange exchange, LoginProofs.Proof proof, List<Binding> keys) {
    Presenter presenter = exchange.presenter("direct");
    return switch (proof) {
      case LoginProofs.Proven proven -> {
        Login login = login(exchange, proven, presenter, keys);
        yield exchange.await(ports.issue().issue(login)).map(issuance -> reply(issuance, login));
      }
      case LoginProofs.Refused refused -> {
        ports.indicators().login("refused");
        ports.audit().record(event(refused.claim(), refused.mend(), presenter));
        yield Future.succeededFuture(Reply.problem(Problems.of(refused)));
      }
      case Unavailable cause -> Future.succeededFuture(unavailable(cause));
    };
  }

  private Login login(
      Exchange exchange, LoginProofs.Proven proven, Presenter presenter, List<Binding> keys) {
    return new Login(
        proven.tenant(),
        proven.subject(),
        proven.authentication(),
        proven.clientClass(),
        devices.of(presenter.userAgent(), presenter.address()),
        Attributes.NONE,
        ports.cookies().read(exchange.cookieFields()),
        presenter,
        keys);
  }

  private Reply reply(Issuance issuance, Login login) {
    return switch (issuance) {
      case Issuance.Issued(Session session, SecretText id) -> {
        ports.indicators().login("issued");
        if (login.presented() instanceof Presented.Genuine) {
          ports.indicators().renewed("login");
        }
        yield Reply.json(200, SessionView.of(session))
            .withAll(ports.devices().offer(session))
            .with(cookie.carrying(id, session));
      }
      case Issuance.LimitReached limit -> {
        ports.indicators().login("limit");
        yield Reply.problem(Problems.of(limit));
      }
      case Unavailable cause -> unavailable(cause);
    };
  }

  private Reply unavailable(Unavailable cause) {
    ports.indicators().login("unavailable");
    return Reply.problem(Problems.loginUnavailable(cause));
  }

  private AuditEvent event(String claim, String mend, Presenter presenter) {
    return new AuditEvent(
        clock.instant(),
        AuditEvent.Action.LOGIN_REFUSED,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        presenter,
        Map.of("claim", cut(claim), "mend", cut(mend)));
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(text.length(), MAX_DETAIL));
  }
}
