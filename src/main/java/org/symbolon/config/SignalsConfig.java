package org.symbolon.config;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.symbolon.config.PolicyConfig.Rung;

/**
 * How strictly presenters are held to what was recorded of the session's first, at one place.
 *
 * @param rungs by what is compared; empty where nothing is set
 */
public record SignalsConfig(Map<Kind, Rung> rungs) {
  static final SignalsConfig NONE = new SignalsConfig(Map.of());
  private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /** What is compared. */
  public enum Kind {
    USER_AGENT("userAgent", ""),
    NETWORK("network", ""),
    ASN("asn", "geo.asn"),
    COUNTRY("country", "geo.country"),
    FINGERPRINT("fingerprint", "trust.fingerprint"),
    TRAVEL("travel", ""),
    FAN_OUT("fanOut", ""),
    GATEWAY("gateway", "");

    private final String key;
    private final String source;

    Kind(String key, String source) {
      this.key = key;
      this.source = source;
    }
  }

  public SignalsConfig {
    rungs = rungs.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(rungs));
  }

  static SignalsConfig read(Settings settings, String prefix) {
    Map<Kind, Rung> rungs = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      String key = prefix + "." + kind.key;
      settings.choice(key, Rung.class).ifPresent(rung -> rungs.put(kind, rung));
      if (rungs.getOrDefault(kind, Rung.OFF) != Rung.OFF
          && !kind.source.isEmpty()
          && settings.find(kind.source).isEmpty()) {
        settings.fault(key, kind.source + " needed: where it is told");
      }
    }
    return new SignalsConfig(rungs);
  }

  /**
   * When a session is suspected of having several users.
   *
   * @param back being back sooner in the place before the last
   * @param networks more than so many within the window
   */
  public record Places(Duration back, int networks, Duration window) {
    static Places read(Settings settings) {
      return new Places(
          time(settings, "signals.travelTime", Duration.ofHours(1)),
          settings.integer("signals.fanOutNetworks", 2, 20, 5),
          time(settings, "signals.fanOutWindow", Duration.ofMinutes(10)));
    }

    private static Duration time(Settings settings, String key, Duration usual) {
      Duration time = settings.duration(key).orElse(usual);
      if (time.compareTo(Duration.ofMinutes(1)) < 0 || time.compareTo(Duration.ofHours(24)) > 0) {
        settings.fault(key, "1m to 24h needed");
        return usual;
      }
      return time;
    }
  }

  /** How long counts of what enforcing would refuse are kept. */
  static Duration kept(Settings settings) {
    Duration kept = settings.duration("signals.kept").orElse(Duration.ofDays(3));
    if (kept.toHours() < 1 || kept.compareTo(Duration.ofDays(30)) > 0) {
      settings.fault("signals.kept", "1h to 30d needed");
    }
    return kept;
  }

  /** The field in which trusted gateways tell of a client's TLS handshake. */
  static Optional<String> fingerprintField(Settings settings) {
    Optional<String> field = settings.find("trust.fingerprint");
    if (field.filter(f -> !FIELD.matcher(f).matches()).isPresent()) {
      settings.fault("trust.fingerprint", "a field's name needed, as in X-JA4");
    }
    if (field.isPresent() && !settings.isSet("trust.addresses")) {
      settings.fault("trust.addresses", "needed with trust.fingerprint: whom it is believed of");
    }
    return field;
  }
}
