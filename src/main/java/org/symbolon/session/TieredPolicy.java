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

  /** At hand for each request; of tenants that set nothing it is {@link #others}. */
  private final Map<Tenant, Settled> settled;

  private final Settled others;
  private final Places.Bounds bounds;

  /** What no client class changes. */
  private record Settled(
      SubjectLimit limit, RotationPolicy rotation, BindingPolicy binding, SignalPolicy signals) {}

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
    this(base, clients, tenants, Places.Bounds.USUAL);
  }

  /** The same with bounds of its own for signals of places. */
  public TieredPolicy(
      Tier base,
      Map<ClientClass, Tier> clients,
      Map<Tenant, TenantTier> tenants,
      Places.Bounds bounds) {
    this.base = base;
    this.clients = Map.copyOf(clients);
    this.tenants = Map.copyOf(tenants);
    this.bounds = bounds;
    this.others = settle(TenantTier.EMPTY);
    this.settled =
        tenants.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, tenant -> settle(tenant.getValue())));
    judge(Tenant.DEFAULT, clients.keySet());
    tenants.forEach(
        (tenant, tier) -> {
          judge(tenant, clients.keySet());
          judge(tenant, tier.clients().keySet());
        });
  }

  private void judge(Tenant tenant, Iterable<ClientClass> named) {
    Timeouts _ = timeouts(tenant, ClientClass.BROWSER);
    for (ClientClass clientClass : named) {
      Timeouts _ = timeouts(tenant, clientClass);
    }
  }

  @Override
  public Timeouts timeouts(Tenant tenant, ClientClass clientClass) {
    TenantTier own = tenants.getOrDefault(tenant, TenantTier.EMPTY);
    Duration absolute =
        nearest(own, clientClass, Tier::absolute)
            .orElseThrow(() -> new IllegalArgumentException("absolute: no tier sets it"));
    Duration idle = nearest(own, clientClass, Tier::idle).orElse(absolute);
    return new Timeouts(idle.compareTo(absolute) > 0 ? absolute : idle, absolute);
  }

  private Settled settled(Tenant tenant) {
    return settled.getOrDefault(tenant, others);
  }

  @Override
  public SubjectLimit limit(Tenant tenant) {
    return settled(tenant).limit();
  }

  @Override
  public RotationPolicy rotation(Tenant tenant) {
    return settled(tenant).rotation();
  }

  @Override
  public BindingPolicy binding(Tenant tenant) {
    return settled(tenant).binding();
  }

  @Override
  public SignalPolicy signals(Tenant tenant) {
    return settled(tenant).signals();
  }

  private Settled settle(TenantTier own) {
    return new Settled(limitOf(own), rotationOf(own), bindingOf(own), signalsOf(own));
  }

  private SubjectLimit limitOf(TenantTier own) {
    return new SubjectLimit(
        nearest(own, Tier::max).orElse(100),
        nearest(own, Tier::whenReached).orElse(WhenReached.EVICT_LEAST_USED));
  }

  /** An overlap that no tier sets is cut to a shorter age. */
  private RotationPolicy rotationOf(TenantTier own) {
    RotationPolicy usual = RotationPolicy.DEFAULT;
    Duration age = nearest(own, Tier::rotationAge).orElse(usual.age());
    Duration overlap = usual.overlap().compareTo(age) > 0 ? age : usual.overlap();
    return new RotationPolicy(
        age,
        nearest(own, Tier::rotationOverlap).orElse(overlap),
        nearest(own, Tier::onReuse).orElse(usual.onReuse()),
        nearest(own, Tier::onDifference).orElse(usual.onDifference()));
  }

  private BindingPolicy bindingOf(TenantTier own) {
    BindingPolicy usual = BindingPolicy.OFF;
    Map<Binding.Kind, BindingPolicy.Rung> rungs = new EnumMap<>(Binding.Kind.class);
    for (Binding.Kind kind : Binding.Kind.values()) {
      nearestOf(own, tier -> Optional.ofNullable(tier.rungs().get(kind)))
          .ifPresent(rung -> rungs.put(kind, rung));
    }
    return new BindingPolicy(
        rungs,
        nearestOf(own, BindingTier::required).orElse(usual.required()),
        nearestOf(own, BindingTier::grace).orElse(usual.grace()),
        nearestOf(own, BindingTier::refresh).orElse(usual.refresh()));
  }

  private SignalPolicy signalsOf(TenantTier own) {
    Map<Signal, BindingPolicy.Rung> rungs = new EnumMap<>(Signal.class);
    rungs.putAll(base.signals());
    rungs.putAll(own.own().signals());
    return new SignalPolicy(rungs, bounds);
  }

  private <T> Optional<T> nearestOf(TenantTier own, Function<BindingTier, Optional<T>> field) {
    return nearest(own, tier -> field.apply(tier.binding()));
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

  private <T> Optional<T> nearest(TenantTier own, Function<Tier, Optional<T>> field) {
    return nearest(own, ClientClass.BROWSER, field);
  }

  private <T> Optional<T> nearest(
      TenantTier own, ClientClass clientClass, Function<Tier, Optional<T>> field) {
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
