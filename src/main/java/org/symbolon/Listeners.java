package org.symbolon;

import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.Configuration;
import org.symbolon.config.CookieConfig;
import org.symbolon.config.ListenerConfig;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Limits;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.TlsFiles;
import org.symbolon.http.TrustedPeers;
import org.symbolon.http.api.PublicSettings;

/** What a configuration says of the three listeners. */
final class Listeners {
  private static final int START_SECONDS = 10;

  private final Configuration configuration;
  private final TrustedPeers trusted;

  Listeners(Configuration configuration) {
    this.configuration = configuration;
    List<String> addresses = configuration.gateways();
    this.trusted = addresses.isEmpty() ? TrustedPeers.NONE : TrustedPeers.of(addresses);
  }

  int eventLoops() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  PublicSettings open() {
    return new PublicSettings(
        settings(configuration.publicListener(), trusted, Limits.PUBLIC, eventLoops()),
        cookie(configuration.cookie()),
        Set.copyOf(configuration.origins()),
        PublicSettings.ClearSiteData.valueOf(
            configuration.clearSiteData().toUpperCase(Locale.ROOT)));
  }

  ListenerSettings admin() {
    return settings(configuration.admin(), TrustedPeers.NONE, Limits.DEFAULT, 1);
  }

  ListenerSettings management() {
    return settings(configuration.management(), TrustedPeers.NONE, Limits.DEFAULT, 1);
  }

  private static ListenerSettings settings(
      ListenerConfig listener, TrustedPeers trusted, Limits limits, int eventLoops) {
    return new ListenerSettings(
        listener.host(),
        listener.port(),
        listener.tls().map(tls -> new TlsFiles(tls.certificate(), tls.key())),
        trusted,
        limits,
        eventLoops);
  }

  private static CookieAttributes cookie(CookieConfig cookie) {
    return new CookieAttributes(
        cookie.name(),
        cookie.secure(),
        CookieAttributes.SameSite.valueOf(cookie.sameSite().toUpperCase(Locale.ROOT)),
        cookie.persistent());
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
