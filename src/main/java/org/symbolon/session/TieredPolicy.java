package org.symbolon.session;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.symbolon.session.RotationPolicy.OnDifference;
import org.symbolon.session.RotationPolicy.OnReuse;
import org.symbolon.session.SubjectLimit.WhenReached;

/**
 * A policy of tiers: what is set for a tenant's client class comes before the tenant's own, that
 * before the client class', and that before the base. An idle timeout longer than the absolute one
 * of a nearer tier is cut to it.
 */
public final class TieredPolicy implements Policy {
  private final Tier base;
  private final Map<ClientClass, Tier> clients;
  private final Map<Tenant, TenantTier> tenants;

  /** At hand for each request; of tenants that set nothing it is the base's. */
  private final Map<Tenant, SignalPolicy> signals;

  private final SignalPolicy baseSignals;

  /** What one place sets; empty where it leaves the word to the next. */
  public record Tier(
      Optional<Duration> idle,
      Optional<Duration> absolute,
      Optional<Integer> max,
      Optional<WhenReached> whenReached,
      Optional<Duration> rotationAge,
      Optional<Duration> rotationOverlap,
      Optional<OnReuse> onReuse,
      Optional<OnDifference> onDifference,
      BindingTier binding,
      Map<Signal, BindingPolicy.Rung> signals) {
    public static final Tier EMPTY =
        new Tier(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** A tier that leaves rotation to the next. */
    public Tier(
        Optional<Duration> idle,
        Optional<Duration> absolute,
        Optional<Integer> max,
        Optional<WhenReached> whenReached) {
      this(idle, absolute, max, whenReached, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A tier that leaves the reaction to a difference of signals to the next. */
    public Tier(
        Optional<Duration> idle,
        Optional<Duration> absolute,
        Optional<Integer> max,
        Optional<WhenReached> whenReached,
        Optional<Duration> rotationAge,
        Optional<Duration> rotationOverlap,
        Optional<OnReuse> onReuse) {
      this(
          idle,
          absolute,
          max,
          whenReached,
          rotationAge,
          rotationOverlap,
          onReuse,
          Optional.empty(),
          BindingTier.EMPTY,
          Map.of());
    }

    public Tier {
      signals = Map.copyOf(signals);
    }
  }

  /** What one place sets of bindings; empty where it leaves the word to the next. */
  public record BindingTier(
      Map<Binding.Kind, BindingPolicy.Rung> rungs,
      Optional<Boolean> required,
      Optional<Duration> grace,
      Optional<Duration> refresh) {
    public static final BindingTier EMPTY =
        new BindingTier(Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public BindingTier {
      rungs = Map.copyOf(rungs);
    }
  }

  /** What a tenant sets. */
  public record TenantTier(Tier own, Map<ClientClass, Tier> clients) {
    static final TenantTier EMPTY = new TenantTier(Tier.EMPTY, Map.of());
  }

  /**
   * Judges every combination that is named.
   *
   * @param base sets both timeouts
   * @throws IllegalArgumentException where a combination breaks a bound of {@link Timeouts}, {@link
   *     SubjectLimit}, {@link RotationPolicy} or {@link BindingPolicy}
   */
  public TieredPolicy(Tier base, Map<ClientClass, Tier> clients, Map<Tenant, TenantTier> tenants) {
    this.base = base;
    this.clients = Map.copyOf(clients);
    this.tenants = Map.copyOf(tenants);
    this.baseSignals = new SignalPolicy(base.signals());
    this.signals =
        tenants.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, tenant -> signals(tenant.getValue().own())));
    judge(Tenant.DEFAULT, clients.keySet());
    tenants.forEach(
        (tenant, tier) -> {
          judge(tenant, clients.keySet());
          judge(tenant, tier.clients().keySet());
        });
  }

  private void judge(Tenant tenant, Iterable<ClientClass> named) {
    SubjectLimit _ = limit(tenant);
    RotationPolicy _ = rotation(tenant);
    BindingPolicy _ = binding(tenant);
    Timeouts _ = timeouts(tenant, ClientClass.BROWSER);
    for (ClientClass clientClass : named) {
      Timeouts _ = timeouts(tenant, clientClass);
    }
  }

  @Override
  public Timeouts timeouts(Tenant tenant, ClientClass clientClass) {
    Duration absolute =
        nearest(tenant, clientClass, Tier::absolute)
            .orElseThrow(() -> new IllegalArgumentException("absolute: no tier sets it"));
    Duration idle = nearest(tenant, clientClass, Tier::idle).orElse(absolute);
    return new Timeouts(idle.compareTo(absolute) > 0 ? absolute : idle, absolute);
  }

  @Override
  public SubjectLimit limit(Tenant tenant) {
    return new SubjectLimit(
        nearest(tenant, ClientClass.BROWSER, Tier::max).orElse(100),
        nearest(tenant, ClientClass.BROWSER, Tier::whenReached)
            .orElse(WhenReached.EVICT_LEAST_USED));
  }

  /** An overlap that no tier sets is cut to a shorter age. */
  @Override
  public RotationPolicy rotation(Tenant tenant) {
    RotationPolicy usual = RotationPolicy.DEFAULT;
    Duration age = nearest(tenant, ClientClass.BROWSER, Tier::rotationAge).orElse(usual.age());
    Duration overlap = usual.overlap().compareTo(age) > 0 ? age : usual.overlap();
    return new RotationPolicy(
        age,
        nearest(tenant, ClientClass.BROWSER, Tier::rotationOverlap).orElse(overlap),
        nearest(tenant, ClientClass.BROWSER, Tier::onReuse).orElse(usual.onReuse()),
        nearest(tenant, ClientClass.BROWSER, Tier::onDifference).orElse(usual.onDifference()));
  }

  @Override
  public BindingPolicy binding(Tenant tenant) {
    BindingPolicy usual = BindingPolicy.OFF;
    Map<Binding.Kind, BindingPolicy.Rung> rungs = new EnumMap<>(Binding.Kind.class);
    for (Binding.Kind kind : Binding.Kind.values()) {
      nearestOf(tenant, tier -> Optional.ofNullable(tier.rungs().get(kind)))
          .ifPresent(rung -> rungs.put(kind, rung));
    }
    return new BindingPolicy(
        rungs,
        nearestOf(tenant, BindingTier::required).orElse(usual.required()),
        nearestOf(tenant, BindingTier::grace).orElse(usual.grace()),
        nearestOf(tenant, BindingTier::refresh).orElse(usual.refresh()));
  }

  @Override
  public SignalPolicy signals(Tenant tenant) {
    return signals.getOrDefault(tenant, baseSignals);
  }

  private SignalPolicy signals(Tier tenant) {
    Map<Signal, BindingPolicy.Rung> rungs = new EnumMap<>(Signal.class);
    rungs.putAll(base.signals());
    rungs.putAll(tenant.signals());
    return new SignalPolicy(rungs);
  }

  private <T> Optional<T> nearestOf(Tenant tenant, Function<BindingTier, Optional<T>> field) {
    return nearest(tenant, ClientClass.BROWSER, tier -> field.apply(tier.binding()));
  }

  /** The longest absolute timeout that any tier sets. */
  public Duration longest() {
    return Stream.of(
            Stream.of(base),
            clients.values().stream(),
            tenants.values().stream().map(TenantTier::own),
            tenants.values().stream().flatMap(tenant -> tenant.clients().values().stream()))
        .flatMap(tiers -> tiers)
        .flatMap(tier -> tier.absolute().stream())
        .max(Comparator.naturalOrder())
        .orElse(Timeouts.LONGEST);
  }

  private <T> Optional<T> nearest(
      Tenant tenant, ClientClass clientClass, Function<Tier, Optional<T>> field) {
    TenantTier own = tenants.getOrDefault(tenant, TenantTier.EMPTY);
    return Stream.of(
            own.clients().getOrDefault(clientClass, Tier.EMPTY),
            own.own(),
            clients.getOrDefault(clientClass, Tier.EMPTY),
            base)
        .map(field)
        .flatMap(Optional::stream)
        .findFirst();
  }
}
