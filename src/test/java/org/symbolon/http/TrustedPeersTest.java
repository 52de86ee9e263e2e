package org.symbolon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedPeersTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.0/23, 10.1.3.255, true",
    "10.1.2.0/23, 10.1.4.0, false",
    "192.0.2.128/25, 192.0.2.127, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "192.0.2.7/32, ::ffff:192.0.2.7, true",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "2001:db8::/33, 2001:db8:8000::, false",
    "::1, 127.0.0.1, false",
    "10.0.0.0/8, 'not an address', false",
    "10.0.0.0/8, '', false",
  })
  void includesTheAddressesOfItsNetworks(String network, String address, boolean included) {
    assertThat(TrustedPeers.of(List.of(network)).includes(address)).isEqualTo(included);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/33, has no prefix of 1 to 32",
    "10.0.0.0/, has no prefix",
    "10.0.0.0/-1, has no prefix",
    "10.0.0.0/8x, has no prefix",
    "2001:db8::/129, has no prefix of 1 to 128",
    "10.0.0.1/8, has bits beyond its prefix",
    "2001:db8::1/32, has bits beyond its prefix",
    "0.0.0.0/0, would trust everybody",
    "::/0, would trust everybody",
    "gateway.example, is no IP address",
    "10.0.0, is no IP address",
    "'', is no IP address",
    "fe80::1%eth0, is no IP address",
  })
  void refusesWhatIsNoNetwork(String network, String why) {
    assertThatThrownBy(() -> TrustedPeers.of(List.of("10.0.0.0/8", network)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("trusted addresses: \"" + network + "\" " + why);
  }

  @Test
  void refusesTrustInNoAddressAtAll() {
    assertThatThrownBy(() -> TrustedPeers.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none given")
        .hasMessageContaining("take the setting away");
  }

  @Test
  void trustsNobodyByDefault() {
    assertThat(TrustedPeers.NONE.includes("127.0.0.1")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.0/24",
    "2001:db8:1:2::7, 2001:db8:1::/48",
    "::ffff:203.0.113.7, 203.0.113.0/24",
    "'', ''",
    "nonsense, ''",
  })
  void knowsADevicesNetwork(String address, String network) {
    assertThat(Addresses.network(address)).isEqualTo(network);
  }
}
