package org.symbolon.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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
  void everySeriesThatTheDocumentationNamesIsThere() throws IOException {
    String page = Files.readString(Path.of("docs/monitoring.md"));
    meters.clock(() -> Duration.ofMillis(-300_250));
    meters.nearCache(() -> 1, () -> 2, () -> 6, () -> 3, () -> true);
    meters.changes(() -> 4, () -> 5, () -> Duration.ofMillis(75));
    meters.unproved("dbsc", "missing", "enforce");
    meters.told("siem", "REFUSED", Duration.ofMillis(500));
    meters.told("siem", "UNANSWERED", Duration.ofMillis(1_500));
    meters.revocations(() -> 7, () -> 8, () -> 9, () -> 10);
    String scrape = meters.scrape();
    assertThat(scrape)
        .contains("symbolon_store_clock_skew_seconds -300.25")
        .contains("symbolon_near_cache_stale_total 6.0")
        .contains("symbolon_receiver_answers_total{outcome=\"unanswered\",receiver=\"siem\"} 1.0")
        .contains("symbolon_receiver_delay_seconds{receiver=\"siem\"} 1.5")
        .contains("symbolon_changes_rolled_back_total 5.0")
        .contains("symbolon_changes_proof_age_seconds 0.075");
    List<String> named =
        Pattern.compile("symbolon_[a-z_]+(\\{[a-z_]+=\"[a-z-]+\"})?")
            .matcher(page)
            .results()
            .map(MatchResult::group)
            .distinct()
            .toList();
    assertThat(named).hasSizeGreaterThan(8);
    for (String series : named) {
      int brace = series.indexOf('{');
      String name = brace < 0 ? series : series.substring(0, brace);
      String label = brace < 0 ? "" : series.substring(brace + 1, series.length() - 1);
      assertThat(scrape.lines())
          .as(series)
          .anyMatch(line -> line.split("[{ ]", 2)[0].equals(name) && line.contains(label));
    }
  }

  @Test
  void countsAndTimes() {
    meters.validated("allow", "nginx", 300_000, 500_000);
    meters.cookieHeaderBytes(900);
    meters.store("find", "timeout", Duration.ofMillis(250));
    meters.setCookie(false, true, "None");
    meters.changeHeard(Duration.ofMillis(3));
    assertThat(meters.scrape())
        .contains("symbolon_validate_total{gateway=\"nginx\",result=\"allow\"} 1.0")
        .contains("symbolon_validate_duration_seconds_bucket{gateway=\"nginx\",le=\"2.5E-4\"} 1")
        .contains("symbolon_cookie_header_bytes_bucket{le=\"256.0\"} 0")
        .contains("symbolon_cookie_header_bytes_bucket{le=\"1024.0\"} 1")
        .contains("operation=\"find\",outcome=\"timeout\"")
        .contains("symbolon_changes_lag_seconds_bucket{le=\"0.0025\"} 0")
        .contains("symbolon_changes_lag_seconds_bucket{le=\"0.005\"} 1")
        .contains(
            "symbolon_set_cookie_total{http_only=\"true\",same_site=\"None\",secure=\"false\"}"
                + " 1.0");
  }
}
