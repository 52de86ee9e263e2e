package org.symbolon.gateways;

import org.junit.jupiter.api.Test;

class ApacheTest extends GatewayConformance {
  ApacheTest() {
    super(RunningGateway.Daemon.APACHE);
  }

  @Test
  void keepsConnectionsToTheService() throws Exception {
    probes().keepsConnectionsToTheService(800, 64);
  }
}
