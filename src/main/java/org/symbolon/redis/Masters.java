package org.symbolon.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The servers that are written to and read from, in one of the ways in which they are arranged. */
interface Masters extends AutoCloseable {
  /**
   * The connection that all share.
   *
   * @throws io.lettuce.core.RedisException where it may lead to a server that was replaced
   */
  RedisClusterAsyncCommands<byte[], byte[]> shared();

  /**
   * The connection to read sessions over: that of the calling event loop where it has one, else
   * {@link #shared}.
   */
  default RedisClusterAsyncCommands<byte[], byte[]> reads() {
    return shared();
  }

  /**
   * Gives event loops connections of their own to read over, so that no reply changes threads.
   * Closing ends them; the loops have to run until then.
   */
  default AutoCloseable readOn(EventLoopGroup group) {
    return () -> {};
  }

  /**
   * Makes a call over the connection to the master of a key that nobody uses but for writes that
   * are waited for: {@code WAIT} holds up everything behind it.
   */
  <T> CompletionStage<T> call(byte[] key, Call<T> call);

  /** A call that can be made again, to a master that turns out to have the key. */
  interface Call<T> {
    /**
     * @param isAsked whether the key's slot is just moving there, so that each command needs {@code
     *     ASKING}
     */
    CompletionStage<T> on(RedisAsyncCommands<byte[], byte[]> commands, boolean isAsked);
  }

  /**
   * Reads numbers, each from the master that has its key; one that is absent is 0. Fails as a
   * whole.
   *
   * @return in the keys' order
   */
  CompletionStage<List<Reading>> read(List<byte[]> keys);

  /**
   * A number that was read.
   *
   * @param server equal where one server answered, as long as its connection lasts
   */
  record Reading(long number, Object server) {}

  /** Opens a connection for what is published; it mends itself and follows the master. */
  CompletionStage<? extends StatefulRedisPubSubConnection<byte[], byte[]>> subscriber();

  /**
   * Looks for keys, some at a time, on one master after the other.
   *
   * @param position empty for the first, then what the last said
   * @param pattern as {@code SCAN} has it
   */
  CompletionStage<Scanned> scan(String position, byte[] pattern, int count);

  /**
   * Some keys.
   *
   * @param position where to go on; empty where these were the last
   */
  record Scanned(List<byte[]> keys, String position) {}

  /**
   * How long an acknowledgement has to wait until no node asks the master of before any more, in
   * ns; 0 where it has not to.
   */
  long unsettled();

  /** What has to be done again and again to stay connected to the right servers. */
  void upkeep();

  @Override
  void close();

  /** Reads a number's digits. */
  static long number(byte @Nullable [] digits) {
    return digits == null ? 0 : Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
  }
}
