package org.symbolon.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.symbolon.session.SecretText;
import org.symbolon.session.Subject;

/**
 * Vouches for whomever it is asked to, for trying the service out: an issuer that proves nobody.
 */
public final class DemoIssuer {
  private static final Duration LIFE = Duration.ofMinutes(5);
  private final ECKey key;
  private final String issuer;
  private final String audience;
  private final InstantSource clock;

  /**
   * Takes the P-256 key in a file, or makes one that only the file's owner can read.
   *
   * @throws IOException where the file can't be read or made, or holds no such key
   */
  public DemoIssuer(Path keyFile, String issuer, String audience, InstantSource clock)
      throws IOException {
    this.key = Files.exists(keyFile) ? read(keyFile) : create(keyFile);
    this.issuer = issuer;
    this.audience = audience;
    this.clock = clock;
  }

  /** The public key as a JWK set. */
  public String jwks() {
    return new JWKSet(key.toPublicJWK()).toString();
  }

  /** A signed assertion for a subject, good for 5 minutes and once. */
  public SecretText assertion(Subject subject) {
    Instant now = clock.instant();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("sub", subject.value());
    claims.put("aud", audience);
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(LIFE).getEpochSecond());
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("acr", "demo");
    claims.put("amr", List.of("demo"));
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .keyID(key.getKeyID())
            .build();
    JWSObject assertion = new JWSObject(header, new Payload(claims));
    try {
      assertion.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("a P-256 key signs ES256", e);
    }
    return new SecretText(assertion.serialize());
  }

  private static ECKey read(Path file) throws IOException {
    try {
      ECKey key = ECKey.parse(Files.readString(file));
      if (key.isPrivate() && Curve.P_256.equals(key.getCurve()) && key.getKeyID() != null) {
        return key;
      }
    } catch (ParseException | IllegalArgumentException e) {
      // The cause would show what it failed to read, which may be the key.
      throw new IOException(file + ": not a JWK: remove the file and a new key is made");
    }
    throw new IOException(file + ": not a private P-256 JWK with kid: remove it, one is made");
  }

  private static ECKey create(Path file) throws IOException {
    ECKey key;
    try {
      key =
          new ECKeyGenerator(Curve.P_256)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.ES256)
              .keyIDFromThumbprint(true)
              .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
    OwnerFile.write(file, key.toJSONString());
    return key;
  }
}
