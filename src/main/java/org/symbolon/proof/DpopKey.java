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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.symbolon.session.RsaKeys;

/** The key that a DPoP proof brings, by the one algorithm that the proof names. */
record DpopKey(String thumbprint, JWSVerifier verifier) {
  /** The algorithms, none symmetric. */
  static final Set<String> ALGORITHMS = Set.of("ES256", "ES384", "RS256", "PS256");

  private static final Map<String, Curve> CURVES =
      Map.of("ES256", Curve.P_256, "ES384", Curve.P_384);

  /** Empty where the key is none that the algorithm takes. */
  static Optional<DpopKey> of(JWK jwk, String algorithm) {
    if (!JwkUse.allows(jwk, algorithm)) {
      return Optional.empty();
    }
    try {
      return switch (jwk) {
        case ECKey ec when ec.getCurve().equals(CURVES.get(algorithm)) ->
            Optional.of(new DpopKey(thumbprint(ec), new ECDSAVerifier(ec.toECPublicKey())));
        case RSAKey rsa
            when !CURVES.containsKey(algorithm)
                && RsaKeys.isStrong(rsa.toRSAPublicKey(), DeviceKey.MAX_RSA_BITS) ->
            Optional.of(new DpopKey(thumbprint(rsa), new RSASSAVerifier(rsa.toRSAPublicKey())));
        default -> Optional.empty();
      };
    } catch (JOSEException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String thumbprint(JWK jwk) throws JOSEException {
    return jwk.computeThumbprint().toString();
  }

  boolean verifies(ProofJwt proof) {
    return verifies(proof.header(), proof.signingInput(), proof.signature());
  }

  boolean verifies(JWSHeader header, byte[] signingInput, Base64URL signature) {
    try {
      return verifier.verify(header, signingInput, signature);
    } catch (JOSEException e) {
      return false;
    }
  }
}
