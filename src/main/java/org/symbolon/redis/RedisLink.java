package org.symbolon.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoopGroup;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The one connection to the store that all its users share; commands are pipelined over it. It
 * mends itself and follows the master; while it is broken every command fails at once.
 */
public final class RedisLink implements AutoCloseable {
  private static final long CLOSE_MILLIS = 2_000;
  private static final long UPKEEP_MILLIS = 500;
  private final RedisSettings settings;
  private final Timer timer;
  private final ClientResources resources;
  private final Channels channels;
  private final Masters masters;
  private final Future<?> upkeep;

  private RedisLink(
      RedisSettings settings,
      Timer timer,
      ClientResources resources,
      Channels channels,
      Masters masters) {
    this.settings = settings;
    this.timer = timer;
    this.resources = resources;
    this.channels = channels;
    this.masters = masters;
    this.upkeep =
        resources
            .eventExecutorGroup()
            .scheduleAtFixedRate(
                () -> keepUp(masters), UPKEEP_MILLIS, UPKEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void keepUp(Masters masters) {
    try {
      masters.upkeep();
    } catch (RuntimeException e) {
      // Refused while disconnected; the next time will do.
      return;
    }
  }

  /**
   * Connects, blocking for some seconds at most. {@link StoreCheck#open} also looks at what it
   * connects to.
   *
   * @throws RuntimeException where no node can be reached or none lets us in
   */
  static RedisLink connect(RedisSettings settings) {
    Timer timer = LettuceSetup.timer();
    Channels channels = LettuceSetup.channels(settings);
    MasterResolver resolver = new MasterResolver();
    ClientResources resources = LettuceSetup.resources(timer, channels, resolver);
    try {
      Masters masters =
          switch (settings.mode()) {
            case STANDALONE -> SingleMaster.standalone(settings, resources, channels);
            case SENTINEL -> SingleMaster.sentinel(settings, resources, channels, resolver);
            case CLUSTER -> ClusterMasters.connect(settings, resources);
          };
      return new RedisLink(settings, timer, resources, channels, masters);
    } catch (RuntimeException e) {
      close(resources, timer);
      throw e;
    }
  }

  RedisClusterAsyncCommands<byte[], byte[]> commands() {
    return masters.shared();
  }

  /** For reads of sessions: see {@link Masters#reads}. */
  RedisClusterAsyncCommands<byte[], byte[]> reads() {
    return masters.reads();
  }

  /**
   * Gives event loops connections of their own, over which they read sessions without changing
   * threads; not on Cluster. Blocks; closing ends them, and has to come before the loops end.
   */
  public AutoCloseable readOn(EventLoopGroup loops) {
    return masters.readOn(loops);
  }

  Masters masters() {
    return masters;
  }

  Channels channels() {
    return channels;
  }

  Duration timeout() {
    return settings.timeout();
  }

  /** Of its calls' deadlines, in steps of some milliseconds. */
  Timer timer() {
    return timer;
  }

  /** For work that repeats; ends with the link. */
  ScheduledExecutorService scheduler() {
    return resources.eventExecutorGroup();
  }

  /** Ends the connections; commands under way fail. */
  @Override
  public void close() {
    upkeep.cancel(false);
    masters.close();
    close(resources, timer);
  }

  private static void close(ClientResources resources, Timer timer) {
    resources.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
    timer.stop();
  }
}
