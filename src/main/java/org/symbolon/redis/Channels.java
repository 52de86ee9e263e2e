package org.symbolon.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

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
    close(target -> isSame(target, address));
  }

  /** Ends all connections but those to some addresses. */
  void closeAllBut(Collection<InetSocketAddress> others) {
    close(target -> others.stream().noneMatch(other -> isSame(target, other)));
  }

  private void close(Predicate<InetSocketAddress> which) {
    open.forEach(
        (channel, target) -> {
          if (which.test(target)) {
            channel.close().addListener(_ -> {});
          }
        });
  }

  /** An IPv6 address has many spellings, and what was connected to is no longer as it was named. */
  private static boolean isSame(InetSocketAddress target, InetSocketAddress named) {
    if (target.getPort() != named.getPort()) {
      return false;
    }
    InetAddress literal = NetUtil.createInetAddressFromIpAddressString(named.getHostString());
    return target.getHostString().equalsIgnoreCase(named.getHostString())
        || (literal != null && literal.equals(target.getAddress()));
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
