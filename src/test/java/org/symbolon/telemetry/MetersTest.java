package org.symbolon.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetersTest {
  private final Meters meters = new Meters(List.of("direct", "nginx"));

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void everySeriesStandsAtZeroFromTheStart() {
    assertThat(meters.scrape())
        .contains("symbolon_validate_total{gateway=\"nginx\",result=\"reused\"} 0.0")
        .contains("symbolon_logins_total{result=\"issued\"} 0.0")
        .contains("symbolon_logouts_total{scope=\"all\"} 0.0")
        .contains("symbolon_cookie_over_plaintext_total{hop=\"client\"} 0.0")
        .contains(
            "symbolon_set_cookie_total{http_only=\"true\",same_site=\"Lax\",secure=\"true\"} 0.0")
        .contains("symbolon_forwarded_ignored_total 0.0");
  }

  @Test
  void countsAndTimes() {
    meters.validated("allow", "nginx", Duration.ofNanos(200_000));
    meters.cookieHeaderBytes(900);
    meters.store("find", "timeout", Duration.ofMillis(250));
    meters.setCookie(false, true, "None");
    assertThat(meters.scrape())
        .contains("symbolon_validate_total{gateway=\"nginx\",result=\"allow\"} 1.0")
        .contains("symbolon_validate_duration_seconds_bucket{gateway=\"nginx\",le=\"2.5E-4\"} 1")
        .contains("symbolon_cookie_header_bytes_bucket{le=\"256.0\"} 0")
        .contains("symbolon_cookie_header_bytes_bucket{le=\"1024.0\"} 1")
        .contains("operation=\"find\",outcome=\"timeout\"")
        .contains(
            "symbolon_set_cookie_total{http_only=\"true\",same_site=\"None\",secure=\"false\"}"
                + " 1.0");
  }
}
