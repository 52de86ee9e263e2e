package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections are known by where they lead, however that is spelt. */
class ChannelsTest {
  private static final int PORT = 6379;
  private final Channels channels = new Channels(Duration.ofSeconds(2));

  private EmbeddedChannel connected(String address, int port) throws UnknownHostException {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.afterChannelInitialized(channel);
    var _ = channel.connect(new InetSocketAddress(InetAddress.getByName(address), port));
    return channel;
  }

  private static InetSocketAddress named(String host) {
    return InetSocketAddress.createUnresolved(host, PORT);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.5, 10.0.0.5, true",
    "2001:db8::5, 2001:db8::5, true",
    "2001:db8::5, 2001:DB8:0:0:0:0:0:5, true",
    "2001:db8::5, 2001:db8::6, false",
    "10.0.0.5, 10.0.0.6, false"
  })
  void endsThoseThatLeadToAnAddress(String address, String name, boolean isEnded)
      throws UnknownHostException {
    EmbeddedChannel channel = connected(address, PORT);
    EmbeddedChannel other = connected(address, PORT + 1);
    channels.close(named(name));
    assertThat(channel.isOpen()).isNotEqualTo(isEnded);
    assertThat(other.isOpen()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "CLUSTER, 0",
    "INFO, 0",
    "HELLO, 0",
    "GET, 1",
    "EVALSHA, 1",
    "WAIT, 1",
    "SUBSCRIBE, 1"
  })
  void countsThoseThatWereUsed(CommandType type, long count) throws UnknownHostException {
    EmbeddedChannel channel = connected("10.0.0.5", PORT);
    EmbeddedChannel many = connected("10.0.0.5", PORT);
    Command<byte[], byte[], byte[]> command = new Command<>(type, null);
    var _ = channel.writeOneOutbound(new Command<byte[], byte[], byte[]>(CommandType.HELLO, null));
    var _ = channel.writeOneOutbound(command);
    var _ =
        many.writeOneOutbound(
            List.of(new Command<byte[], byte[], byte[]>(CommandType.PING, null), command));
    assertThat(channels.closed()).isZero();
    var _ = channel.close();
    assertThat(channels.closed()).isEqualTo(count);
    var _ = many.close();
    assertThat(channels.closed()).isEqualTo(2 * count);
  }

  @Test
  void endsAllButSome() throws UnknownHostException {
    EmbeddedChannel master = connected("2001:db8::5", PORT);
    EmbeddedChannel sentinel = connected("2001:db8::6", PORT);
    channels.closeAllBut(List.of(named("2001:db8::6")));
    assertThat(master.isOpen()).isFalse();
    assertThat(sentinel.isOpen()).isTrue();
  }
}
