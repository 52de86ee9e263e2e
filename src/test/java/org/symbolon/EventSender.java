package org.symbolon;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Another service that signs what it tells, by a library of its own and the test issuer's key. */
public final class EventSender {
  static final String LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

  private final ECKey key;

  private EventSender(ECKey key) {
    this.key = key;
  }

  /** The one whose key a test node trusts. */
  public static EventSender of(Path folder) {
    try {
      return new EventSender(ECKey.parse(Files.readString(folder.resolve("issuer.jwk"))));
    } catch (IOException | ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One whose key nobody trusts, under the same name. */
  EventSender forged() {
    try {
      return new EventSender(
          new com.nimbusds.jose.jwk.gen.ECKeyGenerator(key.getCurve())
              .keyID(key.getKeyID())
              .generate());
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A good security event that nothing follows from. */
  public String verification() {
    Map<String, Object> claims = setClaims("verification", "stream", Map.of("state", "s"));
    claims.put("sub_id", Map.of("format", "opaque", "id", "stream"));
    return sign("secevent+jwt", claims);
  }

  /** The claims of a good one about a subject of the test issuer, to be spoilt. */
  static Map<String, Object> setClaims(String event, String subject, Map<String, Object> payload) {
    String family =
        switch (event) {
          case "verification" -> "ssf";
          case "account-disabled" -> "risc";
          default -> "caep";
        };
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", "https://transmitter.test");
    claims.put("aud", "https://app.example");
    claims.put("iat", Instant.now().getEpochSecond());
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("sub_id", Map.of("format", "iss_sub", "iss", "https://issuer.test", "sub", subject));
    claims.put(
        "events",
        Map.of("https://schemas.openid.net/secevent/" + family + "/event-type/" + event, payload));
    return claims;
  }

  /** A good logout token. */
  public String logout(String subject) {
    return sign("logout+jwt", logoutClaims(subject));
  }

  /** The claims of a good one, to be spoilt. */
  static Map<String, Object> logoutClaims(String subject) {
    long now = Instant.now().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", "https://issuer.test");
    claims.put("sub", subject);
    claims.put("aud", "client");
    claims.put("iat", now);
    claims.put("exp", now + 120);
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("sid", "08a5019c-17e1-4977-8f42-65a12843ea02");
    claims.put("events", Map.of(LOGOUT, Map.of()));
    return claims;
  }

  /** The second part of a token. */
  static String payload(String token) {
    return token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
  }

  /**
   * @param type empty for none
   */
  String sign(String type, Map<String, Object> claims) {
    JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID());
    if (!type.isEmpty()) {
      header.type(new JOSEObjectType(type));
    }
    try {
      SignedJWT jwt = new SignedJWT(header.build(), JWTClaimsSet.parse(claims));
      jwt.sign(new ECDSASigner(key));
      return jwt.serialize();
    } catch (JOSEException | ParseException e) {
      throw new IllegalStateException(e);
    }
  }
}
