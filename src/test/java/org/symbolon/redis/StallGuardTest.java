package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a connection is given up. */
class StallGuardTest {
  @Test
  void closesAConnectionThatDoesNotAnswer() {
    EmbeddedChannel channel = new EmbeddedChannel(new StallGuard(Duration.ZERO));
    channel.writeOutbound("asked");
    wait(channel);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void keepsAConnectionThatAnswered() {
    EmbeddedChannel channel = new EmbeddedChannel(new StallGuard(Duration.ZERO));
    channel.writeOutbound("asked");
    channel.writeInbound("answered");
    wait(channel);
    assertThat(channel.isOpen()).isTrue();
    channel.close().syncUninterruptibly();
  }

  @Test
  void keepsAConnectionThatWasAskedNothing() {
    EmbeddedChannel channel = new EmbeddedChannel(new StallGuard(Duration.ZERO));
    wait(channel);
    assertThat(channel.isOpen()).isTrue();
    channel.close().syncUninterruptibly();
  }

  private static void wait(EmbeddedChannel channel) {
    channel.advanceTimeBy(10, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }
}
