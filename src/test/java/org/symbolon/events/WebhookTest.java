package org.symbolon.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a webhook signs, and where it goes. */
class WebhookTest {
  /** The example of the documentation of the libraries that verify such signatures. */
  @Test
  void signsAsTheLibrariesVerify() {
    SecretKeySpec key =
        new SecretKeySpec(
            Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "HmacSHA256");
    String id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    String body = "{\"test\": 2432232314}";
    assertThat(Webhook.signature(key, id, "1614265330", body))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assertThat(Webhook.signature(key, id, "1614265331", body))
        .isNotEqualTo(Webhook.signature(key, id, "1614265330", body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/hook",
        "http://127.0.0.1.example.org/hook",
        "http://10.0.0.1/hook",
        "https://user:password@example.org/hook",
        "https:///hook",
        "file:///etc/passwd",
        "/hook"
      })
  void goesNowhereElse(String url) {
    assertThatThrownBy(
            () ->
                new Webhook(
                    URI.create(url),
                    List.of(new byte[24]),
                    Duration.ofSeconds(1),
                    InstantSource.system()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("url: use an address of the form https://host/path");
  }

  @Test
  void whatWasRefusedIsReadAsItWasWritten() {
    DeadLetter letter =
        new DeadLetter(
            new Message("1-0", Map.of("action", "a=b&c", "detail.ticket", "ü %\n+")),
            Instant.parse("2026-11-26T05:00:00Z"),
            3,
            "status 400 & more");
    assertThat(DeadLetter.parse("1-0", letter.text())).isEqualTo(letter);
  }
}
