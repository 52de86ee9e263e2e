package org.symbolon.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.http.HttpServerOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StrictRequestDecoderTest {
  private static final Duration IDLE = Limits.DEFAULT.idle();
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private final EmbeddedChannel channel = new EmbeddedChannel();

  StrictRequestDecoderTest() {
    channel.freezeTime();
    channel.pipeline().addLast(new StrictRequestDecoder(new HttpServerOptions(), Limits.DEFAULT));
  }

  private void send(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
  }

  private void pass(Duration time) {
    long step = IDLE.toMillis() / 100;
    for (long passed = 0; passed < time.toMillis(); passed += step) {
      channel.advanceTimeBy(step, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  @Test
  void closesAConnectionThatIsSilentForLong() {
    send(REQUEST);
    pass(IDLE.minusSeconds(1));
    assertThat(channel.isOpen()).isTrue();
    send(REQUEST);
    pass(IDLE.minusSeconds(1));
    assertThat(channel.isOpen()).isTrue();
    pass(IDLE.dividedBy(4));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void closesAConnectionWhoseFurtherHeadTakesLong() {
    send(REQUEST);
    pass(IDLE.dividedBy(2));
    send("GET / ");
    pass(Limits.DEFAULT.headDeadline().plusSeconds(1));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void keepsNoClockOfAConnectionThatEnded() {
    send(REQUEST);
    var _ = channel.close();
    pass(IDLE.dividedBy(4));
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
  }
}
