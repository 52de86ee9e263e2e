package org.symbolon.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How the client library is set up: to fail fast, to mend itself, and to repeat nothing. */
final class LettuceSetup {
  /** A connection is made anew when it has been silent for so long to something asked. */
  private static final Duration STALLED = Duration.ofSeconds(2);

  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** What waits for a reply at most; more is refused at once. 10^4 replies are ~100 ms of Redis. */
  private static final int QUEUE = 10_000;

  private LettuceSetup() {}

  /** Ticks each 5 ms: the library's own 100 ms would make a timeout of 250 ms one of 350. */
  static Timer timer() {
    return new HashedWheelTimer(
        new DefaultThreadFactory("symbolon-redis-timer", true), 5, TimeUnit.MILLISECONDS);
  }

  static ClientResources resources(Timer timer) {
    return DefaultClientResources.builder()
        .timer(timer)
        .ioThreadPoolSize(2)
        .computationThreadPoolSize(2)
        .reconnectDelay(
            Delay.equalJitter(
                Duration.ofMillis(10), Duration.ofSeconds(1), 10, TimeUnit.MILLISECONDS))
        .nettyCustomizer(
            new NettyCustomizer() {
              @Override
              public void afterChannelInitialized(Channel channel) {
                channel.pipeline().addFirst(new StallGuard(STALLED));
              }
            })
        .build();
  }

  static List<RedisURI> uris(RedisSettings settings) {
    return settings.nodes().stream().map(node -> uri(settings, node)).toList();
  }

  private static RedisURI uri(RedisSettings settings, URI node) {
    int port = node.getPort() < 0 ? RedisSettings.DEFAULT_PORT : node.getPort();
    RedisURI.Builder builder =
        RedisURI.Builder.redis(node.getHost(), port)
            .withSsl(settings.isTls())
            .withVerifyPeer(SslVerifyMode.FULL)
            .withClientName("symbolon")
            .withTimeout(CONNECT);
    settings
        .password()
        .ifPresent(
            password ->
                settings
                    .username()
                    .ifPresentOrElse(
                        user -> builder.withAuthentication(user, password.reveal()),
                        () -> builder.withPassword((CharSequence) password.reveal())));
    // The library also sends CLIENT SETINFO and does not mind a refusal. It is unknown before Redis
    // 7.2, so the ACL file, which is for all versions, can't permit it.
    return builder.build();
  }

  static ClientOptions options(RedisSettings settings) {
    return common(ClientOptions.builder(), settings).build();
  }

  static ClusterClientOptions clusterOptions(RedisSettings settings) {
    ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
    common(builder, settings);
    return builder
        .topologyRefreshOptions(
            ClusterTopologyRefreshOptions.builder()
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                .enablePeriodicRefresh(Duration.ofSeconds(30))
                .build())
        .build();
  }

  private static ClientOptions.Builder common(
      ClientOptions.Builder builder, RedisSettings settings) {
    builder
        .protocolVersion(ProtocolVersion.RESP3)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        // A command that was under way when the link broke may have been executed. A creation or a
        // claim that is sent again would find itself and take that for another's.
        .replayFilter(command -> true)
        .requestQueueSize(QUEUE)
        .timeoutOptions(
            TimeoutOptions.builder().timeoutCommands().fixedTimeout(settings.timeout()).build())
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(sockets());
    settings
        .ca()
        .ifPresent(
            ca -> builder.sslOptions(SslOptions.builder().trustManager(ca.toFile()).build()));
    return builder;
  }

  private static SocketOptions sockets() {
    SocketOptions.Builder builder =
        SocketOptions.builder()
            .connectTimeout(CONNECT)
            .keepAlive(
                SocketOptions.KeepAliveOptions.builder()
                    .enable()
                    .idle(Duration.ofSeconds(5))
                    .interval(Duration.ofSeconds(1))
                    .count(3)
                    .build());
    if (EpollProvider.isAvailable()) {
      builder.tcpUserTimeout(
          SocketOptions.TcpUserTimeoutOptions.builder().enable().tcpUserTimeout(STALLED).build());
    }
    return builder.build();
  }
}
