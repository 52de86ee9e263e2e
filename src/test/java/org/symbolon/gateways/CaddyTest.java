package org.symbolon.gateways;

import org.junit.jupiter.api.Test;

class CaddyTest extends GatewayConformance {
  CaddyTest() {
    super(RunningGateway.Daemon.CADDY);
  }

  @Test
  void keepsConnectionsToTheService() throws Exception {
    probes().keepsConnectionsToTheService(800, 64);
  }
}
