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
import io.lettuce.core.resource.DnsResolver;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.symbolon.session.SecretText;

/** How the client library is set up: to fail fast, to mend itself, and to repeat nothing. */
final class LettuceSetup {
  /**
   * A connection is made anew when it has been silent for so long to something asked; or for as
   * long as a reply is waited for, where that is longer.
   */
  private static final Duration STALLED = Duration.ofSeconds(2);

  /** For the handshake, TLS and authentication included. */
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /**
   * For the network to take a connection: a host that is gone must not hold up the next attempt.
   */
  private static final Duration REACH = Duration.ofMillis(500);

  /** Attempts to connect again come at least so often: it is what a failover's end waits for. */
  private static final Duration RETRY = Duration.ofMillis(250);

  /** What waits for a reply at most; more is refused at once. 10^4 replies are ~100 ms of Redis. */
  private static final int QUEUE = 10_000;

  private LettuceSetup() {}

  /** Ticks each 10 ms: the library's own 100 ms would make a timeout of 200 ms one of 300. */
  static Timer timer() {
    return new HashedWheelTimer(
        new DefaultThreadFactory("symbolon-redis-timer", true), 10, TimeUnit.MILLISECONDS);
  }

  /** Without anyone who wants to know of connections, or of a master that moves. */
  static ClientResources resources(Timer timer) {
    return resources(
        timer, new Channels(STALLED), SocketAddressResolver.create(DnsResolver.unresolved()));
  }

  static Channels channels(RedisSettings settings) {
    return new Channels(stalled(settings));
  }

  private static Duration stalled(RedisSettings settings) {
    return settings.timeout().compareTo(STALLED) > 0 ? settings.timeout() : STALLED;
  }

  static ClientResources resources(Timer timer, Channels channels, SocketAddressResolver resolver) {
    return DefaultClientResources.builder()
        .timer(timer)
        .ioThreadPoolSize(2)
        .computationThreadPoolSize(2)
        .reconnectDelay(Delay.equalJitter(Duration.ofMillis(10), RETRY, 10, TimeUnit.MILLISECONDS))
        .socketAddressResolver(resolver)
        .nettyCustomizer(channels)
        .build();
  }

  /** Like others, whose threads it shares, but with connections on event loops of somebody else. */
  static ClientResources on(EventLoopGroupProvider loops, ClientResources like) {
    return DefaultClientResources.builder()
        .timer(like.timer())
        .eventExecutorGroup(like.eventExecutorGroup())
        .eventLoopGroupProvider(loops)
        .reconnectDelay(like.reconnectDelay())
        .socketAddressResolver(like.socketAddressResolver())
        .nettyCustomizer(like.nettyCustomizer())
        .build();
  }

  static List<RedisURI> uris(RedisSettings settings) {
    return settings.nodes().stream().map(node -> uri(settings, node)).toList();
  }

  /** The Sentinels' addresses, to be asked with credentials of their own. */
  static List<RedisURI> sentinels(RedisSettings settings, RedisSettings.Sentinel sentinel) {
    return settings.nodes().stream()
        .map(
            node ->
                uri(
                        settings,
                        node.getHost(),
                        port(node, RedisSettings.DEFAULT_SENTINEL_PORT),
                        sentinel.username(),
                        sentinel.password())
                    .build())
        .toList();
  }

  /** A server by its address. */
  static RedisURI uri(RedisSettings settings, String host, int port) {
    return named(uri(settings, host, port, settings.username(), settings.password()));
  }

  private static RedisURI uri(RedisSettings settings, URI node) {
    return uri(settings, node.getHost(), port(node, RedisSettings.DEFAULT_PORT));
  }

  private static int port(URI node, int otherwise) {
    return node.getPort() < 0 ? otherwise : node.getPort();
  }

  private static RedisURI.Builder uri(
      RedisSettings settings,
      String host,
      int port,
      Optional<String> username,
      Optional<SecretText> secret) {
    RedisURI.Builder builder =
        RedisURI.Builder.redis(host, port)
            .withSsl(settings.isTls())
            .withVerifyPeer(SslVerifyMode.FULL)
            .withTimeout(CONNECT);
    secret.ifPresent(
        password ->
            username.ifPresentOrElse(
                user -> builder.withAuthentication(user, password.reveal()),
                () -> builder.withPassword((CharSequence) password.reveal())));
    return builder;
  }

  private static RedisURI named(RedisURI.Builder builder) {
    builder.withClientName("symbolon");
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
        .socketOptions(sockets(stalled(settings)));
    settings
        .ca()
        .ifPresent(
            ca -> builder.sslOptions(SslOptions.builder().trustManager(ca.toFile()).build()));
    return builder;
  }

  private static SocketOptions sockets(Duration stalled) {
    SocketOptions.Builder builder =
        SocketOptions.builder()
            .connectTimeout(REACH)
            .keepAlive(
                SocketOptions.KeepAliveOptions.builder()
                    .enable()
                    .idle(Duration.ofSeconds(5))
                    .interval(Duration.ofSeconds(1))
                    .count(3)
                    .build());
    if (EpollProvider.isAvailable()) {
      builder.tcpUserTimeout(
          SocketOptions.TcpUserTimeoutOptions.builder().enable().tcpUserTimeout(stalled).build());
    }
    return builder.build();
  }
}
