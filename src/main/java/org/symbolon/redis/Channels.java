package org.symbolon.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The connections of a link, which it may want to be made anew. */
final class Channels implements NettyCustomizer {
  private static final int FLUSHES = 256;
  private final Duration stalled;
  private final Map<Channel, InetSocketAddress> open = new ConcurrentHashMap<>();
  private final AtomicLong closed = new AtomicLong();

  /**
   * @param stalled how long a connection may be silent to something asked
   */
  Channels(Duration stalled) {
    this.stalled = stalled;
  }

  /**
   * How many connections have ended. While it stays the same, what was sent over one connection all
   * went to one server; it is counted before the connection can be made anew.
   */
  long closed() {
    return closed.get();
  }

  /** Ends all connections to an address, also those that are being made. */
  void close(InetSocketAddress address) {
    open.forEach(
        (channel, target) -> {
          if (target.getPort() == address.getPort()
              && target.getHostString().equals(address.getHostString())) {
            channel.close().addListener(_ -> {});
          }
        });
  }

  @Override
  public void afterChannelInitialized(Channel channel) {
    channel
        .pipeline()
        .addFirst(
            new StallGuard(stalled),
            new Tracker(),
            // What one turn of the event loop asks goes out in one piece.
            new FlushConsolidationHandler(FLUSHES, true));
  }

  private final class Tracker extends ChannelDuplexHandler {
    @Override
    public void connect(
        ChannelHandlerContext context,
        SocketAddress remote,
        SocketAddress local,
        ChannelPromise promise)
        throws Exception {
      if (remote instanceof InetSocketAddress target) {
        open.put(context.channel(), target);
        context.channel().closeFuture().addListener(_ -> open.remove(context.channel()));
      }
      super.connect(context, remote, local, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      closed.incrementAndGet();
      super.channelInactive(context);
    }
  }
}
