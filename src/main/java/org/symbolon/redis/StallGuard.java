package org.symbolon.redis;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which something was asked and nothing came back for a while, so that it is
 * made anew: a peer that vanished without a word would otherwise hold it until the kernel gives up
 * on the unacknowledged bytes, a quarter of an hour later. Works where TCP_USER_TIMEOUT is missing.
 */
final class StallGuard extends ChannelDuplexHandler {
  private static final Duration CHECKED_EVERY = Duration.ofMillis(500);
  private final long patience;
  private long unansweredSince;
  private boolean isUnanswered;
  private @Nullable Future<?> checks;

  StallGuard(Duration patience) {
    this.patience = patience.toNanos();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    checks =
        context
            .executor()
            .scheduleAtFixedRate(
                () -> check(context),
                CHECKED_EVERY.toMillis(),
                CHECKED_EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    super.channelActive(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (checks != null) {
      checks.cancel(false);
    }
    super.channelInactive(context);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (!isUnanswered) {
      isUnanswered = true;
      unansweredSince = System.nanoTime();
    }
    super.write(context, message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    isUnanswered = false;
    super.channelRead(context, message);
  }

  private void check(ChannelHandlerContext context) {
    if (isUnanswered && System.nanoTime() - unansweredSince > patience) {
      context.close().addListener(_ -> {});
    }
  }
}
