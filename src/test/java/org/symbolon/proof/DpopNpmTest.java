package org.symbolon.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingProofs.Finding;
import org.symbolon.session.BindingProofs.NotProved;
import org.symbolon.session.BindingProofs.Proved;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Evidence;
import org.symbolon.session.Handle;
import org.symbolon.session.Reason;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.SecretText;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/** Proofs that another's client made, as {@code proof/dpop-npm.txt} tells. */
class DpopNpmTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_795_597_200);
  private static final String URL = "https://api.example/orders";
  private static final String ID = "EAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  private final Set<String> used = new HashSet<>();
  private final DpopProofs dpop =
      new DpopProofs(
          new PlainSeals(),
          (owner, name, _) ->
              CompletableFuture.completedStage(
                  used.add(owner + name) ? new ReplayGuard.Fresh() : new ReplayGuard.Seen()),
          () -> NOW,
          Runnable::run);

  static List<String> proofs() throws IOException {
    try (BufferedReader in =
            new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(
                        DpopNpmTest.class.getResourceAsStream("/proof/dpop-npm.txt")),
                    StandardCharsets.US_ASCII));
        Stream<String> lines = in.lines()) {
      return lines.filter(line -> !line.startsWith("#")).toList();
    }
  }

  private Finding judge(String thumbprint, String method, String url, String id, String proof) {
    Session session =
        new Session(
            new Handle(1, 2),
            1,
            0,
            Seed.of(new byte[Seed.LENGTH]),
            Tenant.DEFAULT,
            new Subject("alice"),
            new Authentication(NOW, "", List.of()),
            ClientClass.BROWSER,
            Device.UNKNOWN,
            Attributes.NONE,
            NOW,
            NOW,
            NOW.plusSeconds(3600),
            Duration.ofHours(1),
            NOW,
            true,
            false,
            Optional.of(new Binding(Binding.Kind.DPOP, Instant.EPOCH, thumbprint)),
            SignalHashes.NONE);
    Evidence evidence =
        new Evidence(
            List.of(),
            Optional.of(new Evidence.Sent(List.of(proof), method, Optional.of(url))),
            Optional.empty(),
            Optional::empty);
    return dpop.judge(
            session, session.binding().orElseThrow(), evidence, () -> new SecretText(id), NOW)
        .toCompletableFuture()
        .join();
  }

  @ParameterizedTest
  @MethodSource("proofs")
  void aProofIsGoodOnceForWhatItWasMadeFor(String line) {
    String[] parts = line.split(" ", -1);
    String thumbprint = parts[2];
    String proof = parts[3];
    assertThat(judge(thumbprint, "POST", URL, ID, proof))
        .isEqualTo(new NotProved(Reason.INVALID_DPOP_PROOF, "htm"));
    assertThat(judge(thumbprint, "GET", URL + "/7", ID, proof))
        .isEqualTo(new NotProved(Reason.INVALID_DPOP_PROOF, "htu"));
    assertThat(judge(thumbprint, "GET", URL, ID.replace('A', 'B'), proof))
        .isEqualTo(new NotProved(Reason.INVALID_DPOP_PROOF, "ath"));
    assertThat(judge("A".repeat(43), "GET", URL, ID, proof))
        .isEqualTo(new NotProved(Reason.BINDING_WRONG, "jwk"));
    assertThat(judge(thumbprint, "GET", URL, ID, proof)).isEqualTo(new Proved());
    assertThat(judge(thumbprint, "GET", URL, ID, proof))
        .isEqualTo(new NotProved(Reason.BINDING_REPLAYED, "jti"));
  }
}
