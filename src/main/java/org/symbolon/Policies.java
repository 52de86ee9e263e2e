package org.symbolon;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.symbolon.config.PolicyConfig;
import org.symbolon.session.ClientClass;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.SubjectLimit.WhenReached;
import org.symbolon.session.Tenant;
import org.symbolon.session.TieredPolicy;
import org.symbolon.session.Timeouts;

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
                    new TieredPolicy.TenantTier(tier(tenant.scope()), clients(tenant.clients()))));
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
        scope.idle(),
        scope.absolute(),
        scope.max(),
        scope.whenReached().map(Policies::whenReached));
  }

  private static WhenReached whenReached(PolicyConfig.WhenReached configured) {
    return switch (configured) {
      case REJECT -> WhenReached.REJECT;
      case EVICT_OLDEST -> WhenReached.EVICT_OLDEST;
      case EVICT_LEAST_USED -> WhenReached.EVICT_LEAST_USED;
    };
  }

  /** What is in force, as GET /policy shows it: durations in seconds. */
  static String json(PolicyConfig config, TieredPolicy policy) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    describe(root.putObject("default"), policy, Tenant.DEFAULT, config.clients().keySet());
    ObjectNode tenants = root.putObject("tenants");
    config
        .tenants()
        .forEach(
            (name, tenant) -> {
              Set<String> clients = new TreeSet<>(config.clients().keySet());
              clients.addAll(tenant.clients().keySet());
              describe(tenants.putObject(name), policy, new Tenant(name), clients);
            });
    return root.toString();
  }

  private static void describe(
      ObjectNode node, TieredPolicy policy, Tenant tenant, Set<String> named) {
    ObjectNode clients = node.putObject("clients");
    Set<String> all = new TreeSet<>(named);
    all.add(ClientClass.BROWSER.value());
    for (String name : all) {
      Timeouts timeouts = policy.timeouts(tenant, new ClientClass(name));
      clients
          .putObject(name)
          .put("idle", timeouts.idle().toSeconds())
          .put("absolute", timeouts.absolute().toSeconds());
    }
    SubjectLimit limit = policy.limit(tenant);
    node.putObject("limit")
        .put("max", limit.max())
        .put("when_reached", limit.whenReached().name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private Policies() {}
}
