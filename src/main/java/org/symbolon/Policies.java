package org.symbolon;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.symbolon.config.PolicyConfig;
import org.symbolon.session.ClientClass;
import org.symbolon.session.SubjectLimit.WhenReached;
import org.symbolon.session.Tenant;
import org.symbolon.session.TieredPolicy;

/** The policy that a configuration describes, and its description. */
final class Policies {
  static TieredPolicy of(PolicyConfig config) {
    Map<Tenant, TieredPolicy.TenantTier> tenants = new HashMap<>();
    config
        .tenants()
        .forEach(
            (name, tenant) ->
                tenants.put(
                    new Tenant(name),
                    new TieredPolicy.TenantTier(
                        tier(tenant.scope()), clients(tenant.clients()))));
    return new TieredPolicy(tier(config.base()), clients(config.clients()), tenants);
  }

  private static Map<ClientClass, TieredPolicy.Tier> clients(
      SortedMap<String, PolicyConfig.Scope> scopes) {
    Map<ClientClass, TieredPolicy.Tier> tiers = new HashMap<>();
    scopes.forEach((name, scope) -> tiers.put(new ClientClass(name), tier(scope)));
    return tiers;
  }

  private static TieredPolicy.Tier tier(PolicyConfig.Scope scope) {
    return new TieredPolicy.Tier(
        scope.idle(), scope.absolute(), scope.max(), scope.whenReached().map(Policies::whenReached));
  }

  private static WhenReached whenReached(PolicyConfig.WhenReached configured) {
    return switch (configured) {
      case REJECT -> WhenReached.REJECT;
      case EVICT_OLDEST -> WhenReached.EVICT_OLDEST;
      case EVICT_LEAST_USED -> WhenReached.EVICT_LEAST_USED;
    };
  }

  private Policies() {}
}
