package org.symbolon.proof;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.util.Optional;
import org.symbolon.session.RsaKeys;

/**
 * A public key and the one algorithm that it verifies: ES256 on P-256, or RS256 of 2048 to 4096
 * bits. Kept as {@code ES256.x.y} or {@code RS256.n.e}, the numbers in base64url.
 */
final class DeviceKey {
  static final String ES256 = "ES256";
  static final String RS256 = "RS256";
  static final int MAX_RSA_BITS = 4096;

  private final String text;
  private final String algorithm;
  private final JWSVerifier verifier;

  private DeviceKey(String text, JWSVerifier verifier) {
    this.text = text;
    this.algorithm = text.substring(0, text.indexOf('.'));
    this.verifier = verifier;
  }

  /** The key of a JWK; empty where it is none that this algorithm takes. */
  static Optional<DeviceKey> of(JWK jwk, String algorithm) {
    if (!JwkUse.allows(jwk, algorithm)) {
      return Optional.empty();
    }
    try {
      return switch (jwk) {
        case ECKey ec when algorithm.equals(ES256) && Curve.P_256.equals(ec.getCurve()) ->
            Optional.of(
                new DeviceKey(
                    String.join(".", ES256, ec.getX().toString(), ec.getY().toString()),
                    new ECDSAVerifier(ec.toECPublicKey())));
        case RSAKey rsa
            when algorithm.equals(RS256) && RsaKeys.isStrong(rsa.toRSAPublicKey(), MAX_RSA_BITS) ->
            Optional.of(
                new DeviceKey(
                    String.join(
                        ".",
                        RS256,
                        rsa.getModulus().toString(),
                        rsa.getPublicExponent().toString()),
                    new RSASSAVerifier(rsa.toRSAPublicKey())));
        default -> Optional.empty();
      };
    } catch (JOSEException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The key that was kept; empty for another text. */
  static Optional<DeviceKey> read(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    Base64URL first = new Base64URL(parts[1]);
    Base64URL second = new Base64URL(parts[2]);
    try {
      return switch (parts[0]) {
        case ES256 -> of(new ECKey.Builder(Curve.P_256, first, second).build(), ES256);
        case RS256 -> of(new RSAKey.Builder(first, second).build(), RS256);
        default -> Optional.empty();
      };
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  String text() {
    return text;
  }

  /** True where the proof is signed with this key by its own algorithm. */
  boolean verifies(ProofJwt proof) {
    return verifies(proof.header(), proof.signingInput(), proof.signature());
  }

  boolean verifies(JWSHeader header, byte[] signingInput, Base64URL signature) {
    try {
      return header.getAlgorithm().getName().equals(algorithm)
          && verifier.verify(header, signingInput, signature);
    } catch (JOSEException e) {
      return false;
    }
  }
}
