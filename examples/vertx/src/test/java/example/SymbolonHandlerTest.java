package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SymbolonHandlerTest {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonObject own = key();
  private int app;

  private static JsonObject key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      ECPublicKey open = (ECPublicKey) pair.getPublic();
      return new JsonObject()
          .put("kty", "EC")
          .put("crv", "P-256")
          .put("alg", "ES256")
          .put("use", "sig")
          .put("kid", "own")
          .put("x", text(open.getW().getAffineX()))
          .put("y", text(open.getW().getAffineY()))
          .put("d", text(((ECPrivateKey) pair.getPrivate()).getS()));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[32];
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
  }

  @BeforeEach
  void start() throws Exception {
    JsonObject open = own.copy();
    open.remove("d");
    HttpServer keys =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .response()
                        .end(new JsonObject().put("keys", new JsonArray().add(open)).encode()));
    app =
        listen(
            "http://127.0.0.1:"
                + keys.listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get()
                    .actualPort());
  }

  private int listen(String jwks) throws Exception {
    return vertx
        .createHttpServer()
        .requestHandler(App.router(vertx, jwks, "symbolon", "https://app.example"))
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get()
        .actualPort();
  }

  @AfterEach
  void stop() {
    vertx.close();
  }

  private String signed(JsonObject key, String audience, int age) {
    long now = System.currentTimeMillis() / 1000 - age;
    JsonObject claims =
        new JsonObject()
            .put("sub", "alice")
            .put("acr", "loa2")
            .put("iat", now)
            .put("exp", now + 60);
    return signed(key, audience, claims);
  }

  private String signed(JsonObject key, String audience, JsonObject claims) {
    return JWTAuth.create(vertx, new JWTAuthOptions().addJwk(key))
        .generateToken(
            claims,
            new JWTOptions()
                .setAlgorithm("ES256")
                .setNoTimestamp(true)
                .setIssuer("symbolon")
                .setAudience(List.of(audience)));
  }

  private HttpResponse<String> get(int port, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private int status(String... assertions) throws Exception {
    return get(
            app,
            Arrays.stream(assertions)
                .flatMap(assertion -> java.util.stream.Stream.of("X-Session-Assertion", assertion))
                .toArray(String[]::new))
        .statusCode();
  }

  @Test
  void letsInWhomSymbolonVouchesFor() throws Exception {
    HttpResponse<String> response =
        get(app, "X-Session-Assertion", signed(own, "https://app.example", 0));
    assertEquals(200, response.statusCode());
    assertEquals("Hello alice, loa2\n", response.body());
  }

  @Test
  void refusesEverythingElse() throws Exception {
    String good = signed(own, "https://app.example", 0);
    assertEquals(401, status());
    assertEquals(401, get(app, "X-Session-User", "alice").statusCode());
    assertEquals(401, status(signed(key(), "https://app.example", 0)));
    assertEquals(401, status(signed(own, "https://other.example", 0)));
    assertEquals(401, status(signed(own, "https://app.example", 70)));
    assertEquals(401, status(good, good));
    assertEquals(
        401, status(signed(own, "https://app.example", new JsonObject().put("sub", "alice"))));
    String none = Base64.getUrlEncoder().encodeToString("{\"alg\":\"none\"}".getBytes());
    assertEquals(401, status(none + "." + good.split("\\.")[1] + "."));
  }

  @Test
  void tellsAnOutageFromARefusal() throws Exception {
    int broken = listen("http://127.0.0.1:1/");
    assertEquals(
        503,
        get(broken, "X-Session-Assertion", signed(own, "https://app.example", 0)).statusCode());
  }
}
