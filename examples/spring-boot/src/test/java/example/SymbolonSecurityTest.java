package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SymbolonSecurityTest {
  private static final String APP = "https://app.example";
  private static final ECKey OWN = key();

  @Value("${local.server.port}")
  private int port;

  private static ECKey key() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("own").algorithm(JWSAlgorithm.ES256).generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @DynamicPropertySource
  static void keys(DynamicPropertyRegistry registry) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] jwks = new JWKSet(OWN.toPublicJWK()).toString().getBytes();
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, jwks.length);
          exchange.getResponseBody().write(jwks);
          exchange.close();
        });
    server.start();
    registry.add("symbolon.jwks", () -> "http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private static String signed(ECKey key, String audience, int age) throws Exception {
    Instant now = Instant.now().minusSeconds(age);
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("own").build(),
            new JWTClaimsSet.Builder()
                .issuer("symbolon")
                .audience(audience)
                .subject("alice")
                .claim("acr", "loa2")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)))
                .build());
    jwt.sign(new ECDSASigner(key));
    return jwt.serialize();
  }

  private HttpResponse<String> get(String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private int status(String assertion) throws Exception {
    return get("X-Session-Assertion", assertion).statusCode();
  }

  @Test
  void letsInWhomSymbolonVouchesFor() throws Exception {
    HttpResponse<String> response = get("X-Session-Assertion", signed(OWN, APP, 0));
    assertEquals(200, response.statusCode());
    assertEquals("Hello alice, loa2\n", response.body());
  }

  @Test
  void refusesEverythingElse() throws Exception {
    String good = signed(OWN, APP, 0);
    assertEquals(401, get().statusCode());
    assertEquals(401, get("X-Session-User", "alice").statusCode());
    assertEquals(401, get("Authorization", "Bearer " + good).statusCode());
    assertEquals(401, status(signed(key(), APP, 0)));
    assertEquals(401, status(signed(OWN, "https://other.example", 0)));
    assertEquals(401, status(signed(OWN, APP, 70)));
    assertEquals(401, get("X-Session-Assertion", good, "X-Session-Assertion", good).statusCode());
  }
}
