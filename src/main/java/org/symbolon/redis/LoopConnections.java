package org.symbolon.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection for each of some event loops, on that very loop: what a loop asks over its own comes
 * back to it without a change of threads, and what it asks in one turn goes out together.
 */
final class LoopConnections {
  private static final long CLOSE_MILLIS = 2_000;
  private final RedisClient like;
  private final RedisURI uri;
  private final List<StatefulRedisConnection<byte[], byte[]>> all = new CopyOnWriteArrayList<>();
  private final FastThreadLocal<@Nullable StatefulRedisConnection<byte[], byte[]>> own =
      new FastThreadLocal<>();

  /**
   * @param like whose resources and options they share
   */
  LoopConnections(RedisClient like, RedisURI uri) {
    this.like = like;
    this.uri = uri;
  }

  /** That of the calling thread; null where it has none. */
  @Nullable StatefulRedisConnection<byte[], byte[]> current() {
    return own.getIfExists();
  }

  /** Those that are open. */
  List<StatefulRedisConnection<byte[], byte[]>> all() {
    return List.copyOf(all);
  }

  /** Opens one on each loop of a group, and blocks meanwhile; closing ends them. */
  AutoCloseable open(EventLoopGroup group) {
    List<AutoCloseable> opened = new ArrayList<>();
    AutoCloseable all =
        () -> {
          for (AutoCloseable one : opened) {
            one.close();
          }
        };
    try {
      for (EventExecutor executor : group) {
        opened.add(open((EventLoop) executor));
      }
    } catch (RuntimeException e) {
      opened.forEach(LoopConnections::end);
      throw e;
    }
    return all;
  }

  private AutoCloseable open(EventLoop loop) {
    ClientResources resources = LettuceSetup.on(new OneLoop(loop), like.getResources());
    RedisClient client = new LeanClient(resources);
    // Whoever reads gives up by a deadline of their own; one for each command would cost a timer
    // each.
    client.setOptions(
        like.getOptions()
            .mutate()
            .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
            .build());
    try {
      StatefulRedisConnection<byte[], byte[]> connection =
          client.connect(ByteArrayCodec.INSTANCE, uri);
      all.add(connection);
      loop.submit(() -> own.set(connection)).syncUninterruptibly();
      return () -> {
        loop.submit(() -> own.remove()).syncUninterruptibly();
        all.remove(connection);
        connection.close();
        end(client, resources);
      };
    } catch (RuntimeException e) {
      end(client, resources);
      throw e;
    }
  }

  private static void end(RedisClient client, ClientResources resources) {
    client.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    // Ends nothing, for all of it is shared.
    var _ = resources.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void end(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      // The failure that led here is told.
      return;
    }
  }

  /** Gives always the same loop, which is somebody else's. */
  private record OneLoop(EventLoop loop) implements EventLoopGroupProvider {
    /** Not always of the class that is asked for: that is one of groups, which nobody looks at. */
    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T extends EventLoopGroup> T allocate(Class<T> type) {
      return (T) loop;
    }

    @Override
    public int threadPoolSize() {
      return 1;
    }

    @Override
    public Future<Boolean> release(
        EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
      return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    @Override
    public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
      return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }
  }
}
