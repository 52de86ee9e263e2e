package org.symbolon;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running service. Closing it ends what was started, the last first. */
final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private Ports ports = new Ports(0, 0, 0, 0);
  private Optional<Trial> trial = Optional.empty();

  /** Where it listens. */
  record Ports(int open, int grpc, int admin, int management) {}

  /** Takes a part that is to be closed before those taken earlier. */
  <T extends AutoCloseable> T with(T part) {
    parts.push(part);
    return part;
  }

  void listensOn(Ports bound) {
    ports = bound;
  }

  void isTrial(Trial started) {
    trial = Optional.of(started);
  }

  int publicPort() {
    return ports.open();
  }

  /** 0 where gRPC is not spoken. */
  int grpcPort() {
    return ports.grpc();
  }

  int adminPort() {
    return ports.admin();
  }

  int managementPort() {
    return ports.management();
  }

  /** Says how to use it, to somebody who tries it out. */
  void announce(PrintWriter out) {
    trial.ifPresent(started -> started.announce(out, ports));
    LOG.info(
        "ready: public {}, admin {}, management {}",
        ports.open(),
        ports.admin(),
        ports.management());
  }

  @Override
  public void close() {
    LOG.info("stopping");
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.warn("closing", e);
      }
    }
  }
}
