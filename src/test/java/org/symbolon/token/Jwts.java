package org.symbolon.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.symbolon.session.ReplayGuard;

/** Makes JWTs of any header and claims, well made or not. */
final class Jwts {
  private static final Pattern ALG = Pattern.compile("\"alg\":\"([^\"]*)\"");

  private Jwts() {}

  static String sign(JWK key, Map<String, ?> header, Map<String, ?> claims) {
    return sign(key, JSONObjectUtils.toJSONString(header), JSONObjectUtils.toJSONString(claims));
  }

  static String sign(JWK key, String header, String claims) {
    String input = Base64URL.encode(header).toString() + "." + Base64URL.encode(claims).toString();
    try {
      JWSSigner signer =
          key instanceof ECKey ec
              ? new ECDSASigner(ec)
              : new RSASSASigner(
                  ((RSAKey) key).toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance()));
      // By a pattern, since the header need not be JSON.
      Matcher alg = ALG.matcher(header);
      JWSAlgorithm algorithm = JWSAlgorithm.parse(alg.find() ? alg.group(1) : "");
      JWSHeader asked =
          new JWSHeader(
              signer.supportedJWSAlgorithms().contains(algorithm)
                  ? algorithm
                  : signer.supportedJWSAlgorithms().iterator().next());
      return input + "." + signer.sign(asked, input.getBytes(StandardCharsets.US_ASCII));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<String, Object> with(Map<String, ?> base, String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(base);
    changed.put(name, value);
    return changed;
  }

  static Map<String, Object> without(Map<String, ?> base, String name) {
    Map<String, Object> changed = new LinkedHashMap<>(base);
    changed.remove(name);
    return changed;
  }

  static JwksValue publicKeys(JWK... keys) {
    return new JwksValue(new JWKSet(List.of(keys)).toString(true));
  }

  /** Remembers names in a set. */
  static final class Replays implements ReplayGuard {
    final Set<String> seen = new HashSet<>();
    Instant until = Instant.MIN;

    @Override
    public CompletionStage<Claim> claim(String issuer, String jti, Instant instant) {
      until = instant;
      return CompletableFuture.completedStage(
          seen.add(issuer + " " + jti) ? new Fresh() : new Seen());
    }
  }
}
