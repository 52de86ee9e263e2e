package org.symbolon;

import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.Configuration;
import org.symbolon.config.CookieConfig;
import org.symbolon.config.GatewayConfig;
import org.symbolon.config.ListenerConfig;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Limits;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.TlsFiles;
import org.symbolon.http.TrustedPeers;
import org.symbolon.http.api.PublicSettings;
import org.symbolon.http.gateway.Audiences;
import org.symbolon.http.gateway.Carriers;
import org.symbolon.http.gateway.Profile;
import org.symbolon.http.gateway.RouteDemands;
import org.symbolon.proof.DbscSite;
import org.symbolon.session.Demand;

/** What a configuration says of the three listeners. */
final class Listeners {
  private static final int START_SECONDS = 10;

  private final Configuration configuration;
  private final TrustedPeers trusted;

  Listeners(Configuration configuration) {
    this.configuration = configuration;
    List<String> addresses = configuration.gateways();
    TrustedPeers peers = addresses.isEmpty() ? TrustedPeers.NONE : TrustedPeers.of(addresses);
    TrustedPeers telling = configuration.fingerprint().map(peers::telling).orElse(peers);
    this.trusted = configuration.clientCert() ? telling.tellingCertificates() : telling;
  }

  int eventLoops() {
    return Runtime.getRuntime().availableProcessors();
  }

  PublicSettings open() {
    return new PublicSettings(
        settings(configuration.publicListener(), trusted, Limits.PUBLIC, eventLoops()),
        cookie(configuration.cookie()),
        Set.copyOf(configuration.origins()),
        PublicSettings.ClearSiteData.valueOf(
            configuration.clearSiteData().toUpperCase(Locale.ROOT)),
        carriers(),
        routes(),
        audiences());
  }

  /** Which applications get assertions. */
  private Audiences audiences() {
    Map<Profile, String> ofProfiles = new EnumMap<>(Profile.class);
    configuration
        .apps()
        .ofGateways()
        .forEach(
            (name, audience) ->
                ofProfiles.put(Profile.valueOf(name.toUpperCase(Locale.ROOT)), audience));
    return new Audiences(configuration.apps().ofHosts(), ofProfiles);
  }

  /** Where a successor of a session ID can be handed out. */
  Carriers carriers() {
    Map<Profile, Boolean> set = new EnumMap<>(Profile.class);
    configuration
        .rotate()
        .forEach(
            (name, rotate) ->
                set.put(
                    Profile.valueOf(name.toUpperCase(Locale.ROOT)),
                    rotate == GatewayConfig.Rotate.COOKIE));
    return Carriers.of(set);
  }

  /** What the routes of applications demand. */
  RouteDemands routes() {
    List<String> order = configuration.acrOrder();
    return new RouteDemands(
        configuration.routes().stream()
            .map(
                route ->
                    new RouteDemands.Route(
                        route.name(),
                        route.host(),
                        route.path(),
                        new Demand(
                            route.maxAge(),
                            route
                                .acr()
                                .map(acr -> order.subList(order.indexOf(acr), order.size()))
                                .orElse(List.of()),
                            route.csrf()),
                        route.staleAllow()))
            .toList());
  }

  Optional<ListenerSettings> grpc() {
    return configuration
        .grpc()
        .map(listener -> settings(listener, trusted, Limits.PUBLIC, eventLoops()));
  }

  ListenerSettings admin() {
    return settings(configuration.admin(), TrustedPeers.NONE, Limits.ADMIN, 1);
  }

  ListenerSettings management() {
    return settings(configuration.management(), TrustedPeers.NONE, Limits.DEFAULT, 1);
  }

  private static ListenerSettings settings(
      ListenerConfig listener, TrustedPeers trusted, Limits limits, int eventLoops) {
    return new ListenerSettings(
        listener.host(),
        listener.port(),
        listener
            .tls()
            .map(
                tls ->
                    new TlsFiles(
                        tls.certificate(),
                        tls.key(),
                        tls.clientAuthority(),
                        tls.areClientsNeeded(),
                        TlsFiles.USUAL)),
        trusted,
        limits,
        eventLoops);
  }

  /** Whose hosts share bound sessions. */
  Optional<DbscSite> site() {
    return configuration.site().map(site -> new DbscSite(site.origin(), site.site()));
  }

  private static CookieAttributes cookie(CookieConfig cookie) {
    return new CookieAttributes(
        cookie.name(),
        cookie.secure(),
        CookieAttributes.SameSite.valueOf(cookie.sameSite().toUpperCase(Locale.ROOT)),
        cookie.persistent(),
        cookie.domain());
  }

  /** Waits until a listener listens, and gives its port. */
  int bound(String name, Future<Integer> start) throws Symbolon.StartFailure {
    try {
      return start.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Symbolon.StartFailure("interrupted");
    } catch (TimeoutException e) {
      throw new Symbolon.StartFailure(name + ".host: does not listen in time");
    } catch (java.util.concurrent.ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new Symbolon.StartFailure(name + "." + cause.getMessage());
    }
  }
}
