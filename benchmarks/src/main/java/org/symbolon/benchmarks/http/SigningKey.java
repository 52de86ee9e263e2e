package org.symbolon.benchmarks.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A client's P-256 key, and what it signs with it. */
final class SigningKey {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private final ECKey key;
  private final ECDSASigner signer;
  private final AtomicLong count = new AtomicLong();

  SigningKey() {
    try {
      key = new ECKeyGenerator(Curve.P_256).generate();
      signer = new ECDSASigner(key);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a browser registers with (W3C Device Bound Session Credentials). */
  String registration(String challenge) {
    return signed("dbsc+jwt", Map.of("jti", challenge));
  }

  /** A DPoP proof (RFC 9449), of a session ID where one is given. */
  String proof(String method, String url, long iat, String nonce, String id) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", "proof-" + count.getAndIncrement());
    claims.put("htm", method);
    claims.put("htu", url);
    claims.put("iat", iat);
    if (!nonce.isEmpty()) {
      claims.put("nonce", nonce);
    }
    if (!id.isEmpty()) {
      claims.put("ath", hash(id));
    }
    return signed("dpop+jwt", claims);
  }

  private String signed(String type, Map<String, Object> claims) {
    JWSObject jws =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType(type))
                .jwk(key.toPublicJWK())
                .build(),
            new Payload(claims));
    try {
      jws.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jws.serialize();
  }

  private static String hash(String text) {
    try {
      return BASE64.encodeToString(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
