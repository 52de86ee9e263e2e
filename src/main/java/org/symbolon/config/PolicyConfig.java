package org.symbolon.config;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Timeouts and limits: a base, and what tenants and client classes have of their own. Tenants'
 * class comes before the tenant, the tenant before the class, the class before the base.
 */
public record PolicyConfig(
    Scope base, SortedMap<String, Scope> clients, SortedMap<String, Tenant> tenants) {

  /** Presets of NIST SP 800-63B-4, section 2: the longest time without use, and altogether. */
  public enum Preset {
    AAL1(Duration.ofDays(30), Duration.ofDays(30)),
    AAL2(Duration.ofHours(1), Duration.ofHours(24)),
    AAL3(Duration.ofMinutes(15), Duration.ofHours(12));

    final Duration idle;
    final Duration absolute;

    Preset(Duration idle, Duration absolute) {
      this.idle = idle;
      this.absolute = absolute;
    }
  }

  /** What happens to one session too many. */
  public enum WhenReached {
    REJECT,
    EVICT_OLDEST,
    EVICT_LEAST_USED
  }

  /** What is set at one place; empty where nothing is. */
  public record Scope(
      Optional<Duration> idle,
      Optional<Duration> absolute,
      Optional<Integer> max,
      Optional<WhenReached> whenReached) {}

  /** What a tenant has of its own. */
  public record Tenant(Scope scope, SortedMap<String, Scope> clients) {}

  static PolicyConfig read(Settings settings, Consumer<String> warn) {
    Scope base = scope(settings, "timeouts", "limit", Optional.of(Preset.AAL2), warn);
    SortedMap<String, Tenant> tenants = new TreeMap<>();
    for (String name : settings.names("tenants")) {
      String prefix = "tenants." + name;
      if (!Names.isTenant(name)) {
        settings.fault(prefix, "1 to 64 characters of A-Z a-z 0-9 . _ - needed");
      }
      Scope own = scope(settings, prefix + ".timeouts", prefix + ".limit", Optional.empty(), warn);
      tenants.put(name, new Tenant(own, clients(settings, prefix + ".clients")));
    }
    return new PolicyConfig(base, clients(settings, "clients"), tenants);
  }

  private static SortedMap<String, Scope> clients(Settings settings, String prefix) {
    SortedMap<String, Scope> clients = new TreeMap<>();
    for (String name : settings.names(prefix)) {
      String key = prefix + "." + name;
      if (!Names.isClientClass(name)) {
        settings.fault(key, "1 to 32 characters of a-z 0-9 - needed");
      }
      clients.put(
          name,
          new Scope(
              settings.duration(key + ".idle"),
              settings.duration(key + ".absolute"),
              Optional.empty(),
              Optional.empty()));
    }
    return clients;
  }

  private static Scope scope(
      Settings settings,
      String timeouts,
      String limit,
      Optional<Preset> otherwise,
      Consumer<String> warn) {
    Optional<Preset> named = settings.choice(timeouts + ".preset", Preset.class);
    Optional<Preset> preset = named.or(() -> otherwise);
    Optional<Duration> idle = settings.duration(timeouts + ".idle");
    Optional<Duration> absolute = settings.duration(timeouts + ".absolute");
    preset.ifPresent(p -> hold(settings, timeouts, p, named.isPresent(), idle, absolute, warn));
    Optional<Duration> whole = absolute.or(() -> preset.map(p -> p.absolute));
    return new Scope(
        idle.or(() -> preset.map(p -> shorter(p.idle, whole))),
        whole,
        settings.find(limit + ".max").map(_ -> settings.integer(limit + ".max", 1, 1000, 100)),
        settings.choice(limit + ".whenReached", WhenReached.class));
  }

  private static Duration shorter(Duration idle, Optional<Duration> absolute) {
    return absolute.filter(a -> a.compareTo(idle) < 0).orElse(idle);
  }

  /** The one SHALL among the presets' bounds is 12 hours at AAL3; the others are SHOULDs. */
  private static void hold(
      Settings settings,
      String key,
      Preset preset,
      boolean named,
      Optional<Duration> idle,
      Optional<Duration> absolute,
      Consumer<String> warn) {
    if (absolute.isPresent() && absolute.get().compareTo(preset.absolute) > 0) {
      if (preset == Preset.AAL3) {
        settings.fault(key + ".absolute", "NIST SP 800-63B-4 allows aal3 at most 12h");
      } else if (named) {
        warn.accept(key + ".absolute is longer than NIST SP 800-63B-4 recommends for the preset");
      }
    }
    if (named && idle.isPresent() && idle.get().compareTo(preset.idle) > 0) {
      warn.accept(key + ".idle is longer than NIST SP 800-63B-4 recommends for the preset");
    }
  }
}
