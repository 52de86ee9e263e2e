package org.symbolon.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KeyAgreement;

/** The P-256 key pair that random bits yield: the same on every node that has them. */
final class DerivedKey {
  /** 64 bits more than the order has (FIPS 186-5 section A.2.1), so that no key is likelier. */
  static final int BYTES = 40;

  private static final ECParameterSpec P256 = Curve.P_256.toECParameterSpec();
  private static final BigInteger FIELD = ((ECFieldFp) P256.getCurve().getField()).getP();

  private DerivedKey() {}

  /** The pair, named by its RFC 7638 thumbprint. */
  static ECKey of(byte[] bits) {
    if (bits.length != BYTES) {
      throw new IllegalArgumentException(BYTES + " bytes needed");
    }
    BigInteger order = P256.getOrder();
    return ofScalar(
        new BigInteger(1, bits).mod(order.subtract(BigInteger.ONE)).add(BigInteger.ONE));
  }

  static ECKey ofScalar(BigInteger scalar) {
    try {
      KeyFactory factory = KeyFactory.getInstance("EC");
      ECPrivateKey own = (ECPrivateKey) factory.generatePrivate(new ECPrivateKeySpec(scalar, P256));
      BigInteger x = multipleOfGenerator(factory, own);
      BigInteger y = ordinate(x);
      ECPublicKey one = point(factory, x, y);
      ECPublicKey key = isOf(own, one) ? one : point(factory, x, FIELD.subtract(y));
      if (!isOf(own, key)) {
        throw new IllegalStateException("a derived key does not verify what it signs");
      }
      return new ECKey.Builder(Curve.P_256, key)
          .privateKey(own)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyIDFromThumbprint()
          .build();
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /**
   * The x of the public point. The JDK multiplies points in key agreement alone: agreed with the
   * generator, the shared secret is that coordinate.
   */
  private static BigInteger multipleOfGenerator(KeyFactory factory, ECPrivateKey own)
      throws GeneralSecurityException {
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(own);
    agreement.doPhase(factory.generatePublic(new ECPublicKeySpec(P256.getGenerator(), P256)), true);
    return new BigInteger(1, agreement.generateSecret());
  }

  /** One of the two y of an x; the prime is 3 modulo 4. */
  private static BigInteger ordinate(BigInteger x) {
    BigInteger square =
        x.pow(3).add(P256.getCurve().getA().multiply(x)).add(P256.getCurve().getB()).mod(FIELD);
    return square.modPow(FIELD.add(BigInteger.ONE).shiftRight(2), FIELD);
  }

  private static ECPublicKey point(KeyFactory factory, BigInteger x, BigInteger y)
      throws GeneralSecurityException {
    return (ECPublicKey) factory.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), P256));
  }

  private static boolean isOf(ECPrivateKey own, ECPublicKey key) throws GeneralSecurityException {
    byte[] message = {1};
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(own);
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(key);
    signature.update(message);
    return signature.verify(signed);
  }
}
