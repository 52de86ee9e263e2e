package org.symbolon.config;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Timeouts and limits: a base, and what tenants and client classes have of their own. Tenants'
 * class comes before the tenant, the tenant before the class, the class before the base.
 */
public record PolicyConfig(
    Scope base,
    SortedMap<String, Scope> clients,
    SortedMap<String, Tenant> tenants,
    SignalsConfig.Places places) {

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

    public Duration idle() {
      return idle;
    }

    public Duration absolute() {
      return absolute;
    }
  }

  /** What happens to one session too many. */
  public enum WhenReached {
    REJECT,
    EVICT_OLDEST,
    EVICT_LEAST_USED
  }

  /** What happens when a replaced session ID comes back, besides that it is refused. */
  public enum OnReuse {
    REPORT,
    REVOKE_SESSION,
    REVOKE_SUBJECT
  }

  /** What happens when a predecessor comes from elsewhere before its successor was seen. */
  public enum OnDifference {
    AUDIT,
    REFUSE
  }

  /** What is set of rotation at one place; empty where nothing is. */
  public record Rotation(
      Optional<Duration> age,
      Optional<Duration> overlap,
      Optional<OnReuse> onReuse,
      Optional<OnDifference> onDifference) {
    static final Rotation NONE =
        new Rotation(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final Duration USUAL_AGE = Duration.ofMinutes(15);
    private static final Duration LONGEST_OVERLAP = Duration.ofMinutes(10);

    static Rotation read(Settings settings, String prefix) {
      Rotation rotation =
          new Rotation(
              settings.duration(prefix + ".age"),
              settings.duration(prefix + ".overlap"),
              settings.choice(prefix + ".onReuse", OnReuse.class),
              settings.choice(prefix + ".onDifference", OnDifference.class));
      rotation
          .age
          .filter(a -> a.toSeconds() < 1 || a.compareTo(Duration.ofDays(400)) > 0)
          .ifPresent(_ -> settings.fault(prefix + ".age", "1s to 400d needed"));
      rotation
          .overlap
          .filter(o -> o.compareTo(LONGEST_OVERLAP) > 0)
          .ifPresent(_ -> settings.fault(prefix + ".overlap", "0s to 10m needed"));
      return rotation;
    }

    /** Holds an overlap to the age it meets; one that nothing sets is cut to it. */
    void hold(Settings settings, String prefix, Rotation base) {
      Duration whole = age.or(() -> base.age).orElse(USUAL_AGE);
      if (overlap.or(() -> base.overlap).filter(o -> o.compareTo(whole) > 0).isPresent()) {
        settings.fault(
            prefix + (overlap.isPresent() ? ".overlap" : ".age"),
            "an overlap of at most the age needed");
      }
    }
  }

  /** How strictly a kind of binding is held. */
  public enum Rung {
    OFF,
    OBSERVE,
    STEP_UP,
    ENFORCE
  }

  /** What is set of bindings at one place; empty where nothing is. */
  public record Bindings(
      Optional<Rung> dbsc,
      Optional<Rung> dpop,
      Optional<Rung> certificate,
      Optional<Rung> certificateKey,
      Optional<Rung> tlsExporter,
      Optional<Boolean> required,
      Optional<Duration> grace,
      Optional<Duration> refresh) {
    static final Bindings NONE =
        new Bindings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final Duration LONGEST_GRACE = Duration.ofMinutes(10);
    private static final Duration LONGEST_REFRESH = Duration.ofHours(1);

    /** Browsers ask for a new proof this long before the end of the last. */
    private static final Duration BROWSERS_LEAD = Duration.ofMinutes(3);

    static Bindings read(Settings settings, String prefix, Consumer<String> warn) {
      Bindings bindings =
          new Bindings(
              settings.choice(prefix + ".dbsc", Rung.class),
              settings.choice(prefix + ".dpop", Rung.class),
              settings.choice(prefix + ".certificate", Rung.class),
              settings.choice(prefix + ".certificateKey", Rung.class),
              settings.choice(prefix + ".tlsExporter", Rung.class),
              settings.find(prefix + ".required").map(_ -> settings.flag(prefix + ".required")),
              settings.duration(prefix + ".grace"),
              settings.duration(prefix + ".refresh"));
      bindings
          .grace
          .filter(g -> g.toSeconds() < 10 || g.compareTo(LONGEST_GRACE) > 0)
          .ifPresent(_ -> settings.fault(prefix + ".grace", "10s to 10m needed"));
      bindings
          .refresh
          .filter(r -> r.toSeconds() < 5 || r.compareTo(LONGEST_REFRESH) > 0)
          .ifPresent(_ -> settings.fault(prefix + ".refresh", "5s to 1h needed"));
      bindings
          .refresh
          .filter(r -> r.compareTo(BROWSERS_LEAD) < 0)
          .ifPresent(
              _ ->
                  warn.accept(
                      prefix
                          + ".refresh: below 3m a browser proves its key at every request, and soon"
                          + " has used up what it may sign"));
      return bindings;
    }

    /** Refuses to demand a binding of which none is on, here or at the base. */
    void hold(Settings settings, String prefix, Bindings base) {
      boolean isOn =
          Stream.of(
                  dbsc.or(() -> base.dbsc),
                  dpop.or(() -> base.dpop),
                  certificate.or(() -> base.certificate),
                  certificateKey.or(() -> base.certificateKey),
                  tlsExporter.or(() -> base.tlsExporter))
              .flatMap(Optional::stream)
              .anyMatch(rung -> rung != Rung.OFF);
      if (required.or(() -> base.required).orElse(false) && !isOn) {
        settings.fault(prefix + ".required", "a kind that is on needed, such as dbsc: enforce");
      }
    }
  }

  /** What is set at one place; empty where nothing is. */
  public record Scope(
      Optional<Duration> idle,
      Optional<Duration> absolute,
      Optional<Integer> max,
      Optional<WhenReached> whenReached,
      Rotation rotation,
      Bindings bindings,
      SignalsConfig signals) {}

  /** What a tenant has of its own. */
  public record Tenant(Scope scope, SortedMap<String, Scope> clients) {}

  /** Whether anybody's sessions may be bound to a key of the browser. */
  boolean bindsBrowsers() {
    return Stream.concat(
            Stream.of(base.bindings),
            tenants.values().stream().map(tenant -> tenant.scope.bindings))
        .flatMap(bindings -> bindings.dbsc.stream())
        .anyMatch(rung -> rung != Rung.OFF);
  }

  static PolicyConfig read(Settings settings, Consumer<String> warn) {
    Optional<Preset> preset = settings.choice("timeouts.preset", Preset.class);
    Bounds bounds = new Bounds(settings, warn, preset);
    Scope base = scope(settings, "", Optional.of(preset.orElse(Preset.AAL2)), bounds);
    base.rotation.hold(settings, "rotation", Rotation.NONE);
    base.bindings.hold(settings, "binding", Bindings.NONE);
    SortedMap<String, Scope> classes = clients(settings, "clients", bounds);
    SortedMap<String, Tenant> tenants = new TreeMap<>();
    for (String name : settings.names("tenants")) {
      String prefix = "tenants." + name;
      if (!Names.isTenant(name)) {
        settings.fault(prefix, "1 to 64 characters of A-Z a-z 0-9 . _ - needed");
      }
      Optional<Preset> named = settings.choice(prefix + ".timeouts.preset", Preset.class);
      Bounds nearer = new Bounds(settings, warn, named.or(() -> preset));
      Scope own = scope(settings, prefix + ".", named, nearer);
      own.rotation.hold(settings, prefix + ".rotation", base.rotation);
      own.bindings.hold(settings, prefix + ".binding", base.bindings);
      tenants.put(name, new Tenant(own, clients(settings, prefix + ".clients", nearer)));
    }
    return new PolicyConfig(base, classes, tenants, SignalsConfig.Places.read(settings));
  }

  /**
   * Holds what is set at any place to the preset that was named for it, there or further out. The
   * one SHALL among the presets' bounds is 12 hours at AAL3; the others are SHOULDs.
   */
  private record Bounds(Settings settings, Consumer<String> warn, Optional<Preset> preset) {
    void hold(String key, Optional<Duration> idle, Optional<Duration> absolute) {
      if (preset.isEmpty()) {
        return;
      }
      Preset named = preset.get();
      if (absolute.filter(a -> a.compareTo(named.absolute) > 0).isPresent()) {
        if (named == Preset.AAL3) {
          settings.fault(key + ".absolute", "NIST SP 800-63B-4 allows aal3 at most 12h");
        } else {
          warn.accept(key + ".absolute is longer than NIST SP 800-63B-4 recommends for the preset");
        }
      }
      if (idle.filter(i -> i.compareTo(named.idle) > 0).isPresent()) {
        warn.accept(key + ".idle is longer than NIST SP 800-63B-4 recommends for the preset");
      }
    }
  }

  private static SortedMap<String, Scope> clients(Settings settings, String prefix, Bounds bounds) {
    SortedMap<String, Scope> clients = new TreeMap<>();
    for (String name : settings.names(prefix)) {
      String key = prefix + "." + name;
      if (!Names.isClientClass(name)) {
        settings.fault(key, "1 to 32 characters of a-z 0-9 - needed");
      }
      Optional<Duration> idle = settings.duration(key + ".idle");
      Optional<Duration> absolute = settings.duration(key + ".absolute");
      bounds.hold(key, idle, absolute);
      clients.put(
          name,
          new Scope(
              idle,
              absolute,
              Optional.empty(),
              Optional.empty(),
              Rotation.NONE,
              Bindings.NONE,
              SignalsConfig.NONE));
    }
    return clients;
  }

  private static Scope scope(
      Settings settings, String place, Optional<Preset> preset, Bounds bounds) {
    String timeouts = place + "timeouts";
    String limit = place + "limit";
    Optional<Duration> idle = settings.duration(timeouts + ".idle");
    Optional<Duration> absolute = settings.duration(timeouts + ".absolute");
    bounds.hold(timeouts, idle, absolute);
    Optional<Duration> whole = absolute.or(() -> preset.map(p -> p.absolute));
    return new Scope(
        idle.or(() -> preset.map(p -> shorter(p.idle, whole))),
        whole,
        settings.find(limit + ".max").map(_ -> settings.integer(limit + ".max", 1, 1000, 100)),
        settings.choice(limit + ".whenReached", WhenReached.class),
        Rotation.read(settings, place + "rotation"),
        Bindings.read(settings, place + "binding", bounds.warn),
        SignalsConfig.read(settings, place + "signals"));
  }

  private static Duration shorter(Duration idle, Optional<Duration> absolute) {
    return absolute.filter(a -> a.compareTo(idle) < 0).orElse(idle);
  }
}
