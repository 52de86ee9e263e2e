package org.symbolon.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.symbolon.session.RsaKeys;

/**
 * A public key that verifies signatures.
 *
 * @param kid its name, empty without one
 * @param algorithms what it may verify; a key is never used with another
 */
record IssuerKey(String kid, Set<String> algorithms, PublicKey key) {
  private static final Map<Curve, String> CURVES =
      Map.of(Curve.P_256, "ES256", Curve.P_384, "ES384", Curve.P_521, "ES512");
  private static final int MAX_RSA_BITS = 8192;
  private static final int ED25519_LENGTH = 32;

  /** What precedes a raw Ed25519 key in its X.509 form (RFC 8410 section 4). */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  IssuerKey {
    algorithms = Set.copyOf(algorithms);
  }

  /**
   * Takes a JWK's public part; empty for a key of another purpose or kind.
   *
   * @throws JOSEException where the key can't be built
   */
  static Optional<IssuerKey> of(JWK jwk) throws JOSEException {
    if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
      return Optional.empty();
    }
    if (jwk.getKeyOperations() != null && !jwk.getKeyOperations().contains(KeyOperation.VERIFY)) {
      return Optional.empty();
    }
    return switch (jwk) {
      case RSAKey rsa when RsaKeys.isStrong(rsa.toRSAPublicKey(), MAX_RSA_BITS) ->
          of(jwk, Algorithms.RSA, rsa.toRSAPublicKey());
      case ECKey ec when CURVES.containsKey(ec.getCurve()) ->
          of(jwk, Set.of(CURVES.get(ec.getCurve())), ec.toECPublicKey());
      case OctetKeyPair ed when Curve.Ed25519.equals(ed.getCurve()) ->
          of(jwk, Algorithms.ED25519, ed25519(ed.getDecodedX()));
      default -> Optional.empty();
    };
  }

  private static Optional<IssuerKey> of(JWK jwk, Set<String> able, PublicKey key) {
    String kid = jwk.getKeyID() == null ? "" : jwk.getKeyID();
    Set<String> algorithms =
        jwk.getAlgorithm() == null
            ? able
            : able.stream()
                .filter(jwk.getAlgorithm().getName()::equals)
                .collect(Collectors.toUnmodifiableSet());
    return algorithms.isEmpty()
        ? Optional.empty()
        : Optional.of(new IssuerKey(kid, algorithms, key));
  }

  private static PublicKey ed25519(byte[] raw) throws JOSEException {
    if (raw.length != ED25519_LENGTH) {
      throw new JOSEException("x: 32 bytes needed");
    }
    byte[] encoded = new byte[ED25519_PREFIX.length + ED25519_LENGTH];
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(raw, 0, encoded, ED25519_PREFIX.length, ED25519_LENGTH);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new JOSEException("x: not a point of Ed25519", e);
    }
  }

  /** True where the signature is this key's over the message; the algorithm is one of its own. */
  boolean verifies(CompactJws jws) {
    try {
      Base64URL signature = new Base64URL(jws.signature());
      JWSHeader header = new JWSHeader(JWSAlgorithm.parse(jws.algorithm()));
      return switch (key) {
        case RSAPublicKey rsa ->
            new RSASSAVerifier(rsa).verify(header, jws.signingInput(), signature);
        case ECPublicKey ec -> new ECDSAVerifier(ec).verify(header, jws.signingInput(), signature);
        // nimbus verifies Ed25519 with Tink only, which is one library more than the JDK needs.
        default -> verifiesEd25519(jws.signingInput(), signature.decode());
      };
    } catch (JOSEException | GeneralSecurityException e) {
      return false;
    }
  }

  private boolean verifiesEd25519(byte[] message, byte[] signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(key);
    verifier.update(message);
    try {
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false;
    }
  }
}
