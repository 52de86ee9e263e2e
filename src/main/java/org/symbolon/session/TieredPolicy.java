package org.symbolon.session;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
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

  /** What one place sets; empty where it leaves the word to the next. */
  public record Tier(
      Optional<Duration> idle,
      Optional<Duration> absolute,
      Optional<Integer> max,
      Optional<WhenReached> whenReached,
      Optional<Duration> rotationAge,
      Optional<Duration> rotationOverlap,
      Optional<OnReuse> onReuse) {
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
   *     SubjectLimit} or {@link RotationPolicy}
   */
  public TieredPolicy(Tier base, Map<ClientClass, Tier> clients, Map<Tenant, TenantTier> tenants) {
    this.base = base;
    this.clients = Map.copyOf(clients);
    this.tenants = Map.copyOf(tenants);
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
        nearest(tenant, ClientClass.BROWSER, Tier::onReuse).orElse(usual.onReuse()));
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
