package org.symbolon.redis;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the channel on which changes are published, over a connection of its own. One that
 * ends is made anew, and subscribes again; one that has gone silent is asked for a sign of life,
 * and ended by whoever misses it.
 */
final class ChangeSubscription implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeSubscription.class);
  private static final byte[] CHANNEL = "changes".getBytes(StandardCharsets.US_ASCII);
  private static final int UPKEEP_MILLIS = 500;
  private final RedisLink link;
  private final Hearer hearer;
  private final Runnable subscribed;
  private final Future<?> upkeep;
  private CompletableFuture<StatefulRedisPubSubConnection<byte[], byte[]>> connection;

  /** Hears what is published. */
  interface Hearer {
    void hear(Lane lane, long number, byte[] change);
  }

  /**
   * @param subscribed told each time that it begins to hear
   */
  ChangeSubscription(RedisLink link, Hearer hearer, Runnable subscribed) {
    this.link = link;
    this.hearer = hearer;
    this.subscribed = subscribed;
    this.connection = subscribe();
    this.upkeep =
        link.scheduler()
            .scheduleAtFixedRate(this::keepUp, UPKEEP_MILLIS, UPKEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private CompletableFuture<StatefulRedisPubSubConnection<byte[], byte[]>> subscribe() {
    try {
      return link.masters().subscriber().thenCompose(this::subscribe).toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> subscribe(
      StatefulRedisPubSubConnection<byte[], byte[]> made) {
    made.addListener(new Listener());
    return made.async()
        .subscribe(CHANNEL)
        .handle(
            (_, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(made);
              }
              var _ = made.closeAsync();
              return CompletableFuture.<StatefulRedisPubSubConnection<byte[], byte[]>>failedFuture(
                  failure);
            })
        .thenCompose(stage -> stage);
  }

  private synchronized void keepUp() {
    if (connection.isCompletedExceptionally()) {
      LOG.warn("no push of changes, they are polled: {}", connection.exceptionNow().toString());
      connection = subscribe();
    } else if (connection.isDone()) {
      askForLife(connection.join());
    }
  }

  private static void askForLife(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
    try {
      var _ = connection.async().ping();
    } catch (RuntimeException e) {
      // Refused while it is made anew.
      LOG.trace("no sign of life", e);
    }
  }

  @Override
  public synchronized void close() {
    upkeep.cancel(false);
    if (connection.isDone() && !connection.isCompletedExceptionally()) {
      connection.join().close();
    }
  }

  private final class Listener extends RedisPubSubAdapter<byte[], byte[]> {
    @Override
    public void subscribed(byte[] channel, long count) {
      subscribed.run();
    }

    @Override
    public void message(byte[] channel, byte[] message) {
      ByteBuffer in = ByteBuffer.wrap(message);
      try {
        byte[] tag = new byte[Lane.TAG_LENGTH];
        in.get(tag);
        long number = Change.take(in, 6);
        byte[] change = new byte[in.remaining()];
        in.get(change);
        Optional<Lane> lane = Lane.tagged(new String(tag, StandardCharsets.ISO_8859_1));
        lane.ifPresent(known -> hearer.hear(known, number, change));
      } catch (BufferUnderflowException e) {
        // The check at a node's start publishes nothing on the channel.
        LOG.trace("an empty message", e);
      }
    }
  }
}
