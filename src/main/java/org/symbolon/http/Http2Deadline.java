package org.symbolon.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes an HTTP/2 connection on which a frame, or a header block of several, stays unfinished (RFC
 * 9113 section 4.1 and 6.10).
 */
final class Http2Deadline extends ChannelInboundHandlerAdapter {
  private static final int PREFACE = 24;
  private static final int FRAME_HEADER = 9;
  private static final int HEADERS = 1;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;

  private final Limits limits;
  private final byte[] header = new byte[FRAME_HEADER];
  private int headerRead;
  private int rest = PREFACE;
  private boolean blockOpen;
  private @Nullable ScheduledFuture<?> deadline;

  Http2Deadline(Limits limits) {
    this.limits = limits;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    start(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    stop();
    super.channelInactive(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      follow(bytes);
      boolean whole = rest == 0 && headerRead == 0 && !blockOpen;
      if (whole) {
        stop();
      } else if (deadline == null) {
        start(ctx);
      }
    }
    super.channelRead(ctx, message);
  }

  private void follow(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (rest > 0) {
        int taken = Math.min(rest, end - at);
        rest -= taken;
        at += taken;
      } else {
        header[headerRead++] = bytes.getByte(at++);
        if (headerRead == FRAME_HEADER) {
          beginFrame();
        }
      }
    }
  }

  private void beginFrame() {
    headerRead = 0;
    rest = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
    int type = header[3];
    if (type == HEADERS || type == CONTINUATION) {
      blockOpen = (header[4] & END_HEADERS) == 0;
    }
  }

  private void start(ChannelHandlerContext ctx) {
    Runnable close =
        () -> {
          var _ = ctx.close();
        };
    long millis = limits.headDeadline().toMillis();
    deadline = ctx.executor().schedule(close, millis, TimeUnit.MILLISECONDS);
  }

  private void stop() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
