package org.symbolon.gateways;

import org.junit.jupiter.api.Test;

class HaproxyTest extends GatewayConformance {
  HaproxyTest() {
    super(RunningGateway.Daemon.HAPROXY);
  }

  @Test
  void keepsConnectionsToTheService() throws Exception {
    probes().keepsConnectionsToTheService(800, 64);
  }
}
