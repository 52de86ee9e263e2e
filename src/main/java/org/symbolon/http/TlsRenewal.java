package org.symbolon.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.ServerSSLOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a changed certificate in force without a restart; a bad one changes nothing. */
final class TlsRenewal {
  private static final Logger LOG = LoggerFactory.getLogger(TlsRenewal.class);

  private final Vertx vertx;
  private final String name;
  private final List<HttpServer> servers;
  private volatile @Nullable TlsPair current;
  private volatile String complaint = "";
  private volatile long timer = -1;
  private final AtomicBoolean looking = new AtomicBoolean();

  TlsRenewal(Vertx vertx, String name, List<HttpServer> servers) {
    this.vertx = vertx;
    this.name = name;
    this.servers = servers;
  }

  void begin(TlsFiles files, TlsPair inForce) {
    current = inForce;
    timer = vertx.setPeriodic(files.checkEvery().toMillis(), _ -> look(files));
  }

  void end() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
  }

  private void look(TlsFiles files) {
    if (looking.compareAndSet(false, true)) {
      TlsPair.read(vertx, files)
          .compose(this::renew)
          .onSuccess(_ -> complaint = "")
          .onFailure(this::complain)
          .onComplete(_ -> looking.set(false));
    }
  }

  private Future<Void> renew(TlsPair read) {
    TlsPair before = current;
    if (before != null && read.isSame(before)) {
      return Future.succeededFuture();
    }
    ServerSSLOptions options = new ServerSSLOptions();
    read.into(options);
    // Servers that share a port share its certificate.
    return servers
        .getFirst()
        .updateSSLOptions(options)
        .map(
            _ -> {
              current = read;
              LOG.info("{} has a new certificate in force", name);
              return null;
            });
  }

  /** Says it once, not at every look. */
  private void complain(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (!message.equals(complaint)) {
      complaint = message;
      LOG.error("{} keeps its old certificate: {}", name, message);
    }
  }
}
