package org.symbolon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An issuer whose assertions log in.
 *
 * @param jwks a path or an https address
 * @param tenants those its assertions may name; all its subjects are of {@code tenant} where empty
 * @param logoutAudience the {@code aud} of its logout tokens, where they are taken
 */
public record IssuerConfig(
    String name,
    String issuer,
    String jwks,
    List<String> algorithms,
    String tenant,
    List<String> tenants,
    String clientClass,
    Optional<String> logoutAudience) {

  static final Set<String> ALGORITHMS =
      Set.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
          "Ed25519");

  static List<IssuerConfig> read(Settings settings, Path base) {
    List<IssuerConfig> issuers = new ArrayList<>();
    for (String name : settings.names("issuers")) {
      String key = "issuers." + name + ".";
      settings.require(key + "issuer", "the iss of its assertions");
      settings.require(key + "jwks", "a path, or an https address");
      String jwks = Names.jwks(settings, key + "jwks", base).orElse("");
      settings.within(key + "algorithms", ALGORITHMS);
      Names.tenant(settings, key + "tenant");
      Names.tenant(settings, key + "tenants");
      Names.clientClass(settings, key + "clientClass");
      issuers.add(
          new IssuerConfig(
              name,
              settings.text(key + "issuer"),
              jwks,
              settings.texts(key + "algorithms"),
              settings.text(key + "tenant"),
              settings.texts(key + "tenants"),
              settings.text(key + "clientClass"),
              settings.find(key + "logoutAudience")));
    }
    return issuers;
  }
}
