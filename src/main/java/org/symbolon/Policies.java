package org.symbolon;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.symbolon.config.PolicyConfig;
import org.symbolon.config.SignalsConfig;
import org.symbolon.http.gateway.Carriers;
import org.symbolon.http.gateway.Profile;
import org.symbolon.http.gateway.RouteDemands;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Places;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.RotationPolicy.OnDifference;
import org.symbolon.session.RotationPolicy.OnReuse;
import org.symbolon.session.Signal;
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
    return new TieredPolicy(
        tier(config.base()),
        clients(config.clients()),
        tenants,
        new Places.Bounds(
            config.places().back(), config.places().networks(), config.places().window()));
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
        scope.whenReached().map(Policies::whenReached),
        scope.rotation().age(),
        scope.rotation().overlap(),
        scope.rotation().onReuse().map(Policies::onReuse),
        scope.rotation().onDifference().map(Policies::onDifference),
        bindings(scope.bindings()),
        signals(scope.signals()));
  }

  private static Map<Signal, BindingPolicy.Rung> signals(SignalsConfig configured) {
    Map<Signal, BindingPolicy.Rung> rungs = new EnumMap<>(Signal.class);
    configured
        .rungs()
        .forEach(
            (kind, rung) ->
                rungs.put(
                    switch (kind) {
                      case USER_AGENT -> Signal.USER_AGENT;
                      case NETWORK -> Signal.NETWORK;
                      case ASN -> Signal.ASN;
                      case COUNTRY -> Signal.COUNTRY;
                      case FINGERPRINT -> Signal.FINGERPRINT;
                      case TRAVEL -> Signal.TRAVEL;
                      case FAN_OUT -> Signal.FAN_OUT;
                      case GATEWAY -> Signal.GATEWAY;
                    },
                    rung(rung)));
    return rungs;
  }

  private static TieredPolicy.BindingTier bindings(PolicyConfig.Bindings configured) {
    Map<Binding.Kind, BindingPolicy.Rung> rungs = new EnumMap<>(Binding.Kind.class);
    configured.dbsc().ifPresent(rung -> rungs.put(Binding.Kind.DBSC, rung(rung)));
    configured.certificate().ifPresent(rung -> rungs.put(Binding.Kind.CERTIFICATE, rung(rung)));
    configured.dpop().ifPresent(rung -> rungs.put(Binding.Kind.DPOP, rung(rung)));
    configured
        .certificateKey()
        .ifPresent(rung -> rungs.put(Binding.Kind.CERTIFICATE_KEY, rung(rung)));
    configured.tlsExporter().ifPresent(rung -> rungs.put(Binding.Kind.TLS_EXPORTER, rung(rung)));
    return new TieredPolicy.BindingTier(
        rungs, configured.required(), configured.grace(), configured.refresh());
  }

  private static BindingPolicy.Rung rung(PolicyConfig.Rung configured) {
    return switch (configured) {
      case OFF -> BindingPolicy.Rung.OFF;
      case OBSERVE -> BindingPolicy.Rung.OBSERVE;
      case STEP_UP -> BindingPolicy.Rung.STEP_UP;
      case ENFORCE -> BindingPolicy.Rung.ENFORCE;
    };
  }

  private static WhenReached whenReached(PolicyConfig.WhenReached configured) {
    return switch (configured) {
      case REJECT -> WhenReached.REJECT;
      case EVICT_OLDEST -> WhenReached.EVICT_OLDEST;
      case EVICT_LEAST_USED -> WhenReached.EVICT_LEAST_USED;
    };
  }

  private static OnReuse onReuse(PolicyConfig.OnReuse configured) {
    return switch (configured) {
      case REPORT -> OnReuse.REPORT;
      case REVOKE_SESSION -> OnReuse.REVOKE_SESSION;
      case REVOKE_SUBJECT -> OnReuse.REVOKE_SUBJECT;
    };
  }

  private static OnDifference onDifference(PolicyConfig.OnDifference configured) {
    return switch (configured) {
      case AUDIT -> OnDifference.AUDIT;
      case REFUSE -> OnDifference.REFUSE;
    };
  }

  /** What is in force, as GET /policy shows it: durations in seconds. */
  static String json(
      PolicyConfig config, TieredPolicy policy, Carriers carriers, RouteDemands demands) {
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
    ObjectNode gateways = root.putObject("gateways");
    for (Profile profile : Profile.values()) {
      gateways
          .putObject(profile.text())
          .put("rotate", carriers.carries(profile) ? "cookie" : "off");
    }
    ObjectNode routes = root.putObject("routes");
    for (RouteDemands.Route route : demands.routes()) {
      ObjectNode node = routes.putObject(route.name());
      route.host().ifPresent(host -> node.put("host", host));
      node.put("path", route.path());
      route.demand().maxAge().ifPresent(age -> node.put("max_age", age.toSeconds()));
      route.demand().acrValues().forEach(node.putArray("acr_values")::add);
      node.put("csrf", route.demand().csrf());
      if (!route.staleAllow().isZero()) {
        node.put("stale_allow", route.staleAllow().toSeconds());
      }
    }
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
          .put("absolute", timeouts.absolute().toSeconds())
          .put("aal", assurance(timeouts));
    }
    SubjectLimit limit = policy.limit(tenant);
    node.putObject("limit")
        .put("max", limit.max())
        .put("when_reached", limit.whenReached().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    RotationPolicy rotation = policy.rotation(tenant);
    node.putObject("rotation")
        .put("age", rotation.age().toSeconds())
        .put("overlap", rotation.overlap().toSeconds())
        .put("on_reuse", rotation.onReuse().code())
        .put("on_difference", rotation.onDifference().code());
    BindingPolicy binding = policy.binding(tenant);
    ObjectNode bindings = node.putObject("binding");
    for (Binding.Kind kind : Binding.Kind.values()) {
      bindings.put(kind.name().toLowerCase(Locale.ROOT), binding.rung(kind).code());
    }
    bindings
        .put("required", binding.required())
        .put("grace", binding.grace().toSeconds())
        .put("refresh", binding.refresh().toSeconds());
    ObjectNode signals = node.putObject("signals");
    for (Signal signal : Signal.values()) {
      signals.put(signal.code(), policy.signals(tenant).rung(signal).code());
    }
  }

  /** The highest AAL within whose times these are; 0 for none. */
  private static int assurance(Timeouts timeouts) {
    int level = 0;
    int next = 1;
    for (PolicyConfig.Preset preset : PolicyConfig.Preset.values()) {
      if (timeouts.absolute().compareTo(preset.absolute()) <= 0
          && timeouts.idle().compareTo(preset.idle()) <= 0) {
        level = next;
      }
      next++;
    }
    return level;
  }

  private Policies() {}
}
