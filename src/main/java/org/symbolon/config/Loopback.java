package org.symbolon.config;

/** The hosts that only this machine reaches. */
final class Loopback {
  static boolean holds(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  private Loopback() {}
}
