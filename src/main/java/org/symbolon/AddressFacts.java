package org.symbolon;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.GeoConfig;
import org.symbolon.geo.NetworkFile;
import org.symbolon.http.Addresses;
import org.symbolon.http.api.Devices;
import org.symbolon.session.Presenter;
import org.symbolon.session.Signal;

/** What is compared of presenters, some of it by files that tell of addresses. */
final class AddressFacts {
  private static final Logger LOG = LoggerFactory.getLogger(AddressFacts.class);
  private static final int POLL_SECONDS = 2;

  private AddressFacts() {}

  /**
   * What a presenter shows of each signal; of an address' autonomous system and country where there
   * is a file that tells it, which is then followed.
   *
   * @throws Symbolon.StartFailure where a file can't be used
   */
  static Map<Signal, Function<Presenter, String>> readers(GeoConfig files, Node node)
      throws Symbolon.StartFailure {
    Map<Signal, Function<Presenter, String>> readers = new EnumMap<>(Signal.class);
    readers.put(Signal.USER_AGENT, presenter -> Devices.family(presenter.userAgent()));
    Function<Presenter, String> network = presenter -> Addresses.network(presenter.address());
    readers.put(Signal.NETWORK, network);
    readers.put(Signal.FAN_OUT, network);
    readers.put(Signal.TRAVEL, network);
    readers.put(Signal.FINGERPRINT, Presenter::fingerprint);
    readers.put(Signal.GATEWAY, Presenter::anyGateway);
    Optional<NetworkFile> asn = open("geo.asn", files.asn(), NetworkFile.Fact.ASN, node);
    asn.ifPresent(file -> readers.put(Signal.ASN, presenter -> file.of(presenter.address())));
    Optional<NetworkFile> country =
        open("geo.country", files.country(), NetworkFile.Fact.COUNTRY, node);
    country.ifPresent(
        file -> {
          readers.put(Signal.COUNTRY, presenter -> file.of(presenter.address()));
          readers.put(Signal.TRAVEL, presenter -> place(file, presenter.address()));
        });
    return readers;
  }

  /** All that the file does not tell of is one place. */
  private static String place(NetworkFile file, String address) {
    String country = file.of(address);
    return country.isEmpty() && !address.isEmpty() ? "?" : country;
  }

  private static Optional<NetworkFile> open(
      String key, Optional<Path> path, NetworkFile.Fact fact, Node node)
      throws Symbolon.StartFailure {
    if (path.isEmpty()) {
      return Optional.empty();
    }
    return switch (NetworkFile.open(path.get(), fact)) {
      case NetworkFile.Opened(NetworkFile file) -> {
        LOG.info("{}: {}", key, file.summary());
        poll(key, file, node);
        yield Optional.of(file);
      }
      case NetworkFile.Refused(String reason) ->
          throw new Symbolon.StartFailure(key + ": " + reason);
    };
  }

  private static void poll(String key, NetworkFile file, Node node) {
    ScheduledExecutorService poller =
        Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    node.with(poller::shutdownNow);
    var _ =
        poller.scheduleWithFixedDelay(
            () -> {
              switch (file.reload()) {
                case NetworkFile.Unchanged _ -> {}
                case NetworkFile.Reloaded(String summary) -> LOG.info("{}: {}", key, summary);
                case NetworkFile.Refused(String reason) ->
                    LOG.warn("{}: the old one stays in use: {}", key, reason);
              }
            },
            POLL_SECONDS,
            POLL_SECONDS,
            TimeUnit.SECONDS);
  }
}
