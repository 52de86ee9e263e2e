package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.symbolon.http.PlainIds;
import org.symbolon.session.Device;
import org.symbolon.session.Device.Browser;
import org.symbolon.session.Device.Platform;

class DevicesTest {
  private final Devices devices = new Devices(new PlainIds());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CHROME|WINDOWS|Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like"
            + " Gecko) Chrome/156.0.0.0 Safari/537.36",
        "EDGE|WINDOWS|Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like"
            + " Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
        "OPERA|MACOS|Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML,"
            + " like Gecko) Chrome/150.0.0.0 Safari/537.36 OPR/120.0.0.0",
        "FIREFOX|LINUX|Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
        "SAFARI|IOS|Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        "CHROME|IOS|Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) CriOS/150.0 Mobile/15E148 Safari/604.1",
        "SAMSUNG|ANDROID|Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like"
            + " Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "CHROME|CHROMEOS|Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like"
            + " Gecko) Chrome/150.0.0.0 Safari/537.36",
        "SAFARI|MACOS|Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML,"
            + " like Gecko) Version/18.0 Safari/605.1.15",
        "PROGRAM|OTHER|curl/8.5.0",
        "PROGRAM|OTHER|python-requests/2.32",
        "OTHER|OTHER|Mozilla/5.0 (compatible; Something/1.0)",
        "OTHER|OTHER|''",
      })
  void knowsTheFamilies(Browser browser, Platform platform, String userAgent) {
    assertThat(Devices.browser(userAgent)).isEqualTo(browser);
    assertThat(Devices.platform(userAgent)).isEqualTo(platform);
  }

  @Test
  void comparesByUserAgentAndNetwork() {
    Device one = devices.of("curl/8", "203.0.113.7");
    assertThat(devices.of("curl/8", "203.0.113.99")).isEqualTo(one);
    assertThat(devices.of("curl/8", "203.0.114.7")).isNotEqualTo(one);
    assertThat(devices.of("curl/9", "203.0.113.7")).isNotEqualTo(one);
    assertThat(devices.of("", "")).isEqualTo(Device.UNKNOWN);
  }
}
