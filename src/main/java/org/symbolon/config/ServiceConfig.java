package org.symbolon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A backend that may call.
 *
 * @param secretSha256 64 hex digits, for a bearer key
 * @param jwks a path or an https address, for {@code private_key_jwt}
 * @param roles on the admin listener; {@code admin} where none is set and the scope is there
 * @param account the operator's own, as {@code tenant/subject}
 */
public record ServiceConfig(
    String name,
    Optional<String> secretSha256,
    Optional<String> jwks,
    List<String> scopes,
    List<String> tenants,
    List<String> roles,
    Optional<String> account) {

  private static final Set<String> SCOPES =
      Set.of("issue", "introspect", "revoke", "events", "admin");

  static List<ServiceConfig> read(Settings settings, Path base) {
    List<ServiceConfig> services = new ArrayList<>();
    for (String name : settings.names("services")) {
      String key = "services." + name + ".";
      Optional<String> secret = settings.find(key + "secretSha256");
      Optional<String> jwks = Names.jwks(settings, key + "jwks", base);
      if (secret.isEmpty() && jwks.isEmpty()) {
        settings.fault(key + "secretSha256", "needed: it, or jwks");
      }
      if (secret.isPresent() && !secret.get().matches("[0-9a-fA-F]{64}")) {
        settings.fault(key + "secretSha256", "64 hex digits needed: printf %s KEY | sha256sum");
      }
      if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
        settings.fault("services." + name, "1 to 64 characters of A-Z a-z 0-9 _ - needed");
      }
      settings.require(key + "scopes", "some of issue, introspect, revoke, events, admin");
      settings.within(key + "scopes", SCOPES);
      Names.tenant(settings, key + "tenants");
      Names.account(settings, key + "account");
      settings.within(key + "roles", OperatorConfig.ROLES);
      List<String> scopes = settings.texts(key + "scopes");
      List<String> roles = settings.texts(key + "roles");
      if (!roles.isEmpty() && !scopes.contains("admin")) {
        settings.fault(key + "roles", "mean nothing without the scope admin; add it to scopes");
      }
      if (roles.isEmpty() && scopes.contains("admin")) {
        roles = List.of("admin");
      }
      services.add(
          new ServiceConfig(
              name,
              secret,
              jwks,
              scopes,
              settings.texts(key + "tenants"),
              roles,
              settings.find(key + "account")));
    }
    return services;
  }
}
