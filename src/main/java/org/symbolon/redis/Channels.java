package org.symbolon.redis;

import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** The connections of a link, which it may want to be made anew. */
final class Channels implements NettyCustomizer {
  private static final int FLUSHES = 256;

  /** What is asked before a connection is used, and to learn where a Cluster's slots are. */
  private static final Set<ProtocolKeyword> ABOUT_SERVER =
      Set.of(
          CommandType.HELLO,
          CommandType.AUTH,
          CommandType.PING,
          CommandType.CLIENT,
          CommandType.CLUSTER,
          CommandType.INFO);

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
   * How many connections have ended over which something was asked of a server, other than who it
   * is: those over which the client library looks where a Cluster's slots are come and go. While it
   * stays the same, what was sent over one connection all went to one server; it is counted before
   * the connection can be made anew.
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
    Tracker tracker = new Tracker();
    channel
        .pipeline()
        .addFirst(
            new StallGuard(stalled),
            tracker,
            // What one turn of the event loop asks goes out in one piece.
            new FlushConsolidationHandler(FLUSHES, true))
        .addLast(new FirstUse(tracker));
  }

  /** Where commands are not bytes yet; goes when it has seen one that is not about the server. */
  private static final class FirstUse extends ChannelOutboundHandlerAdapter {
    private final Tracker tracker;

    FirstUse(Tracker tracker) {
      this.tracker = tracker;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
        throws Exception {
      if (!isAboutServer(message)) {
        tracker.isUsed = true;
        context.pipeline().remove(this);
      }
      super.write(context, message, promise);
    }

    private static boolean isAboutServer(Object message) {
      return switch (message) {
        case RedisCommand<?, ?, ?> command -> ABOUT_SERVER.contains(command.getType());
        case Collection<?> commands -> commands.stream().allMatch(FirstUse::isAboutServer);
        default -> false;
      };
    }
  }

  private final class Tracker extends ChannelDuplexHandler {
    private boolean isUsed;

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
      if (isUsed) {
        closed.incrementAndGet();
      }
      super.channelInactive(context);
    }
  }
}
