package org.symbolon.benchmarks.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.symbolon.session.Subject;
import org.symbolon.token.DemoIssuer;

/** Symbolon with sessions that are bound to a key, each request with its evidence. */
final class BoundSessions {
  private static final String ISSUER = "https://issuer.test";
  private static final String OTHERS = "theme=dark; lang=en-GB; consent=necessary; ";
  private static final Pattern CHALLENGE = Pattern.compile("challenge=\"([^\"]+)\"");

  /** More than are asked for in one run: a proof is good once. */
  private static final int PROOFS = 60_000;

  private final Server server;
  private final DemoIssuer issuer;
  private final SigningKey key = new SigningKey();

  private BoundSessions(Path root, String kind, int redis, Path folder)
      throws IOException, InterruptedException {
    issuer =
        new DemoIssuer(folder.resolve(kind + ".jwk"), ISSUER, "symbolon", InstantSource.system());
    Path jwks = folder.resolve(kind + ".json");
    Files.writeString(jwks, issuer.jwks());
    int port = Server.freePort();
    Map<String, String> environment = new HashMap<>(Contenders.symbolon(port, redis));
    environment.put("SYMBOLON_ISSUERS_TEST_ISSUER", ISSUER);
    environment.put("SYMBOLON_ISSUERS_TEST_JWKS", jwks.toString());
    environment.put("SYMBOLON_BINDING_" + kind.toUpperCase(Locale.ROOT), "enforce");
    server =
        Server.start(
                "symbolon-" + kind,
                port,
                environment,
                folder,
                List.of(root.resolve("src/main/sh/symbolon").toString(), "serve"))
            .answering("/v1/validate");
  }

  /** Bound to a browser's key: each request has the bound cookie. */
  static Contender.Running dbsc(Path root, int redis, Path folder)
      throws IOException, InterruptedException {
    BoundSessions bound = new BoundSessions(root, "dbsc", redis, folder);
    List<String> cookies = new ArrayList<>();
    for (int user = 0; user < Contenders.SESSIONS; user++) {
      cookies.add(bound.registered(user));
    }
    return new Contender.Running(bound.server, "/v1/validate", cookies);
  }

  /** Bound to a program's key: each request has a proof of its own. */
  static Contender.Running dpop(Path root, int redis, Path folder)
      throws IOException, InterruptedException {
    BoundSessions bound = new BoundSessions(root, "dpop", redis, folder);
    String cookie = bound.proved();
    String id = cookie.substring(cookie.indexOf('=') + 1);
    return new Contender.Running(bound.server, "/v1/validate", () -> bound.proofs(cookie, id));
  }

  private HttpResponse<String> login(int user, String proof)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        server
            .request("/v1/login")
            .header("Content-Type", "application/jwt")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    issuer.assertion(new Subject("user-" + user)).reveal()));
    return server.send(proof.isEmpty() ? request : request.header("DPoP", proof));
  }

  private static String cookie(HttpResponse<String> response) {
    String set =
        response
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow(
                () -> new IllegalStateException(response.statusCode() + " " + response.body()));
    return set.substring(0, set.indexOf(';'));
  }

  private String registered(int user) throws IOException, InterruptedException {
    HttpResponse<String> login = login(user, "");
    Matcher challenge =
        CHALLENGE.matcher(login.headers().firstValue("Secure-Session-Registration").orElse(""));
    if (!challenge.find()) {
      throw new IllegalStateException("no registration is offered: " + login.headers().map());
    }
    HttpResponse<String> registered =
        server.send(
            server
                .request("/.session/dbsc/register")
                .header("Cookie", cookie(login))
                .header("Secure-Session-Response", key.registration(challenge.group(1)))
                .POST(HttpRequest.BodyPublishers.noBody()));
    return OTHERS + cookie(login) + "; " + cookie(registered);
  }

  private String nonce(HttpResponse<String> response) {
    return response.headers().firstValue("DPoP-Nonce").orElseThrow();
  }

  private String proved() throws IOException, InterruptedException {
    String url = server.origin() + "/v1/login";
    long now = Instant.now().getEpochSecond();
    String nonce = nonce(login(0, key.proof("POST", url, now, "", "")));
    return cookie(login(0, key.proof("POST", url, now, nonce, "")));
  }

  private List<String> proofs(String cookie, String id) {
    String url = "http://localhost/v1/validate";
    long now = Instant.now().getEpochSecond();
    try {
      String nonce =
          nonce(
              server.send(
                  server
                      .request("/v1/validate")
                      .header("Cookie", cookie)
                      .header(
                          "DPoP",
                          key.proof("GET", server.origin() + "/v1/validate", now, "", id))));
      return IntStream.range(0, PROOFS)
          .parallel()
          .mapToObj(_ -> OTHERS + cookie + "\t" + key.proof("GET", url, now, nonce, id))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
