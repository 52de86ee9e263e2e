package org.symbolon.proof;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** A browser's key, and proofs by it; made by the JDK alone, as nothing of the service is. */
public final class SoftDevice {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private final KeyPair pair;
  private final String algorithm;

  private SoftDevice(KeyPair pair, String algorithm) {
    this.pair = pair;
    this.algorithm = algorithm;
  }

  public static SoftDevice ec() {
    return ec("secp256r1");
  }

  static SoftDevice ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return new SoftDevice(generator.generateKeyPair(), "ES256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static SoftDevice rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return new SoftDevice(generator.generateKeyPair(), "RS256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The public key as JSON. */
  public String jwk() {
    return switch (pair.getPublic()) {
      case ECPublicKey ec ->
          "{\"kty\":\"EC\",\"crv\":\"P-"
              + bits(ec)
              + "\",\"x\":\""
              + number(ec.getW().getAffineX(), bits(ec) / 8)
              + "\",\"y\":\""
              + number(ec.getW().getAffineY(), bits(ec) / 8)
              + "\"}";
      case RSAPublicKey rsa ->
          "{\"kty\":\"RSA\",\"n\":\""
              + number(rsa.getModulus(), rsa.getModulus().bitLength() / 8)
              + "\",\"e\":\"AQAB\"}";
      default -> throw new IllegalStateException();
    };
  }

  private static int bits(ECPublicKey key) {
    return key.getParams().getCurve().getField().getFieldSize();
  }

  private static String number(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[length];
    int taken = Math.min(length, bytes.length);
    System.arraycopy(bytes, bytes.length - taken, fixed, length - taken, taken);
    return BASE64.encodeToString(fixed);
  }

  /** The proof by which a browser registers. */
  public String registration(String challenge) {
    return sign(header("\"jwk\":" + jwk()), claims(challenge));
  }

  /** The proof by which a browser refreshes. */
  public String proof(String challenge) {
    return sign(header(""), claims(challenge));
  }

  String header(String further) {
    return "{\"alg\":\""
        + algorithm
        + "\",\"typ\":\"dbsc+jwt\""
        + (further.isEmpty() ? "" : "," + further)
        + "}";
  }

  static String claims(String challenge) {
    return "{\"jti\":\"" + challenge + "\"}";
  }

  /** Signs any header and claims. */
  String sign(String header, String claims) {
    String input =
        BASE64.encodeToString(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + BASE64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    try {
      Signature signature =
          Signature.getInstance(
              algorithm.equals("ES256") ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
      signature.initSign(pair.getPrivate());
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same proof with one bit of its signature turned. */
  static String broken(String proof) {
    int dot = proof.lastIndexOf('.');
    byte[] signature = Base64.getUrlDecoder().decode(proof.substring(dot + 1));
    byte[] turned = Arrays.copyOf(signature, signature.length);
    turned[5] ^= 1;
    return proof.substring(0, dot + 1) + BASE64.encodeToString(turned);
  }
}
