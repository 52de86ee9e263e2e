package org.symbolon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A transmitter of security events.
 *
 * @param jwks a path or an https address
 * @param tenants those of its subjects, at least one
 * @param subjects the {@code iss} of its subjects beside its own
 */
public record EventsConfig(
    String name,
    String issuer,
    String jwks,
    List<String> algorithms,
    String audience,
    List<String> tenants,
    List<String> subjects,
    Effect sessionRevoked,
    Effect credentialChange,
    Effect accountDisabled) {

  /** What becomes of an event. */
  public enum Effect {
    REVOKE,
    CAMPAIGN,
    IGNORE
  }

  static List<EventsConfig> read(Settings settings, Path base, List<IssuerConfig> issuers) {
    List<EventsConfig> transmitters = new ArrayList<>();
    for (String name : settings.names("events")) {
      String key = "events." + name + ".";
      settings.require(key + "issuer", "the iss of its events");
      settings.require(key + "jwks", "a path, or an https address");
      settings.require(key + "audience", "the aud by which it knows this service");
      settings.within(key + "algorithms", IssuerConfig.ALGORITHMS);
      Names.tenant(settings, key + "tenants");
      transmitters.add(
          new EventsConfig(
              name,
              settings.text(key + "issuer"),
              Names.jwks(settings, key + "jwks", base).orElse(""),
              settings.texts(key + "algorithms"),
              settings.text(key + "audience"),
              tenants(settings, key, issuers),
              settings.texts(key + "subjects"),
              effect(settings, key + "sessionRevoked"),
              effect(settings, key + "credentialChange"),
              effect(settings, key + "accountDisabled")));
    }
    return transmitters;
  }

  /** Those that are set, else those of the issuers of its subjects. */
  private static List<String> tenants(Settings settings, String key, List<IssuerConfig> issuers) {
    List<String> chosen = settings.texts(key + "tenants");
    SortedSet<String> all = new TreeSet<>();
    for (IssuerConfig issuer : issuers) {
      if (issuer.issuer().equals(settings.text(key + "issuer"))
          || settings.texts(key + "subjects").contains(issuer.issuer())) {
        List<String> own = issuer.tenants().isEmpty() ? List.of(issuer.tenant()) : issuer.tenants();
        if (!chosen.isEmpty() && Collections.disjoint(chosen, own)) {
          settings.fault(
              key + "tenants",
              "none of them is of " + issuer.issuer() + ", whose subjects are of " + own);
        }
        all.addAll(own);
      }
    }
    if (!chosen.isEmpty()) {
      return chosen;
    }
    return all.isEmpty() ? List.of("default") : List.copyOf(all);
  }

  private static Effect effect(Settings settings, String key) {
    return settings.choice(key, Effect.class).orElse(Effect.REVOKE);
  }
}
