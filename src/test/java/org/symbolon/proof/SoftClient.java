package org.symbolon.proof;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A program that signs DPoP proofs, made by the JDK alone. */
public final class SoftClient {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private final SoftDevice key;
  private int count;

  public SoftClient() {
    this(SoftDevice.ec());
  }

  SoftClient(SoftDevice key) {
    this.key = key;
  }

  /** The claims of a good proof; {@code ath} where there is a session ID. */
  public Map<String, String> claims(String method, String url, long iat, String nonce, String id) {
    Map<String, String> claims = new LinkedHashMap<>();
    claims.put("jti", "\"proof-" + count++ + "\"");
    claims.put("htm", "\"" + method + "\"");
    claims.put("htu", "\"" + url + "\"");
    claims.put("iat", Long.toString(iat));
    claims.put("nonce", "\"" + nonce + "\"");
    if (!id.isEmpty()) {
      claims.put("ath", "\"" + hash(id) + "\"");
    }
    return claims;
  }

  /** A good proof. */
  public String proof(String method, String url, long iat, String nonce, String id) {
    return sign(claims(method, url, iat, nonce, id));
  }

  public String sign(Map<String, String> claims) {
    return sign(header(), claims);
  }

  String sign(String header, Map<String, String> claims) {
    return key.sign(
        header,
        claims.entrySet().stream()
            .map(c -> "\"" + c.getKey() + "\":" + c.getValue())
            .collect(Collectors.joining(",", "{", "}")));
  }

  String header() {
    return key.header("\"jwk\":" + key.jwk()).replace("dbsc+jwt", "dpop+jwt");
  }

  SoftDevice key() {
    return key;
  }

  /** RFC 7638 of a P-256 key. */
  String thumbprint() {
    String jwk = key.jwk();
    String x = jwk.replaceFirst(".*\"x\":\"([^\"]+)\".*", "$1");
    String y = jwk.replaceFirst(".*\"y\":\"([^\"]+)\".*", "$1");
    return hash("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}");
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
