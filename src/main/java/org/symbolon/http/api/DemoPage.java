package org.symbolon.http.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.symbolon.http.Endpoint;
import org.symbolon.http.Exchange;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.http.Routes;
import org.symbolon.session.SecretText;
import org.symbolon.session.Subject;

/**
 * A page to try the service with, and assertions for anybody. Only for this machine: neither
 * another peer nor a foreign name of this one (DNS rebinding) finds it.
 */
final class DemoPage {
  private static final Pattern HERE =
      Pattern.compile("(?i)(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");

  /** A gateway on this machine sets one of these for peers that may be elsewhere. */
  private static final List<String> GATEWAY_FIELDS =
      List.of(
          "Forwarded",
          "Via",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Original-URI",
          "X-Real-IP");

  private final Function<Subject, SecretText> signer;

  DemoPage(Function<Subject, SecretText> signer) {
    this.signer = signer;
  }

  void addTo(Routes routes) {
    routes
        .add("GET", "/", file("index.html", "text/html; charset=utf-8"))
        .add("GET", "/demo/app.js", file("app.js", "text/javascript; charset=utf-8"))
        .add("GET", "/demo/style.css", file("style.css", "text/css; charset=utf-8"))
        .add("GET", "/demo/assertion", local(this::assertion));
  }

  private static Endpoint file(String name, String contentType) {
    Reply reply = Reply.content(200, contentType, read(name));
    return local((_, _) -> Future.succeededFuture(reply));
  }

  private static Endpoint local(Endpoint endpoint) {
    return (exchange, path) ->
        isLocal(exchange)
            ? endpoint.answer(exchange, path)
            : Future.succeededFuture(Reply.problem(Problems.notFound()));
  }

  private static boolean isLocal(Exchange exchange) {
    return exchange.hop().loopback()
        && HERE.matcher(exchange.hop().authority()).matches()
        && GATEWAY_FIELDS.stream().noneMatch(exchange.request().headers()::contains);
  }

  private Future<Reply> assertion(Exchange exchange, Map<String, String> path) {
    String subject = exchange.query().one("subject").orElse("");
    if (!Subject.isValid(subject)) {
      throw new RefusedRequest(
          Problems.parameterInvalid(
              "subject is missing or has another shape",
              "subject",
              "Send 1 to 255 visible ASCII characters"));
    }
    SecretText signed = signer.apply(new Subject(subject));
    return Future.succeededFuture(
        Reply.content(200, MediaType.JWT, Buffer.buffer(signed.reveal())));
  }

  private static Buffer read(String name) {
    try (InputStream in = DemoPage.class.getResourceAsStream("/demo/" + name)) {
      if (in == null) {
        throw new IllegalStateException("demo/" + name + " is missing from the build");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
