package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.symbolon.events.SignedEvents;
import org.symbolon.session.ClientClass;
import org.symbolon.session.SecretText;
import org.symbolon.session.Tenant;

/** A node that has no thread for a signature says so, and whoever sends many fills no log. */
class FullNodeTest {
  private static final Duration SKEW = Duration.ofSeconds(30);

  private static void isTurnedAway(Executor executor) {
    JwksSource absent = new JwksFile(Path.of("absent", "jwks.json"));
    TrustedIssuer issuer =
        new TrustedIssuer(
            "https://idp.test",
            Set.of("ES256"),
            absent,
            new TrustedIssuer.Fixed(Tenant.DEFAULT),
            ClientClass.BROWSER);
    SecurityEventVerifier.Transmitter transmitter =
        new SecurityEventVerifier.Transmitter(
            "https://idp.test", Set.of("ES256"), absent, "app", Set.of(Tenant.DEFAULT), Set.of());
    for (SignedEvents verifier :
        List.of(
            new LogoutTokenVerifier(
                List.of(new LogoutTokenVerifier.Provider(issuer, "client")),
                Duration.ofMinutes(5),
                SKEW,
                executor,
                InstantSource.system()),
            new SecurityEventVerifier(
                List.of(transmitter), SKEW, executor, InstantSource.system()))) {
      ListAppender<ILoggingEvent> appender = new ListAppender<>();
      appender.start();
      Logger log = (Logger) LoggerFactory.getLogger(verifier.getClass());
      log.addAppender(appender);
      try {
        assertThat(verifier.judge(new SecretText("x")).toCompletableFuture().join())
            .isInstanceOf(SignedEvents.Unreachable.class);
      } finally {
        log.detachAppender(appender);
      }
      assertThat(appender.list).isEmpty();
    }
  }

  @Test
  void aFullNodeLogsNothingForEach() {
    isTurnedAway(
        _ -> {
          throw new RejectedExecutionException("full");
        });
  }
}
