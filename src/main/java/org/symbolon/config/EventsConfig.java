package org.symbolon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  static List<EventsConfig> read(Settings settings, Path base) {
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
              settings.texts(key + "tenants"),
              settings.texts(key + "subjects"),
              effect(settings, key + "sessionRevoked"),
              effect(settings, key + "credentialChange"),
              effect(settings, key + "accountDisabled")));
    }
    return transmitters;
  }

  private static Effect effect(Settings settings, String key) {
    return settings.choice(key, Effect.class).orElse(Effect.REVOKE);
  }
}
