package org.symbolon.gateways;

import org.junit.jupiter.api.Test;

class NginxTest extends GatewayConformance {
  NginxTest() {
    super(RunningGateway.Daemon.NGINX);
  }

  @Test
  void keepsConnectionsToTheService() throws Exception {
    probes().keepsConnectionsToTheService(4000, 64);
  }
}
