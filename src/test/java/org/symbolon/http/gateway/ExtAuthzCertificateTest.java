package org.symbolon.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.symbolon.http.gateway.EnvoyFilter.message;
import static org.symbolon.http.gateway.EnvoyFilter.request;

import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.Certificate;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Rig;
import org.symbolon.http.TrustedPeers;
import org.symbolon.http.Wire;
import org.symbolon.http.api.PublicSettings;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;

/** The certificate that Envoy tells of its client in a gRPC check, as {@code Client-Cert} is. */
class ExtAuthzCertificateTest {
  private final Rig rig = new Rig();
  @TempDir private Path folder = Path.of("");
  private EnvoyFilter envoy = new EnvoyFilter(1);
  private Certificate authority = new Certificate(Path.of(""), Path.of(""));
  private Certificate alice = authority;

  @BeforeEach
  void open() throws Exception {
    authority = Certificate.selfSigned(folder, "authority");
    alice = authority.sign(folder, "alice");
    envoy.close();
    envoy = new EnvoyFilter(rig.openGrpc(trusting()));
  }

  @AfterEach
  void close() throws Exception {
    envoy.close();
    rig.close();
  }

  private static PublicSettings trusting() {
    return Rig.on(l -> Rig.trusting(l, "127.0.0.0/8"));
  }

  private void hold(BindingPolicy.Rung rung, Binding.Kind kind) {
    Map<Binding.Kind, BindingPolicy.Rung> rungs = new EnumMap<>(Map.of(kind, rung));
    rig.bindings = new BindingPolicy(rungs, false, Duration.ofMinutes(1), Duration.ofMinutes(10));
  }

  /** Logs in through a gateway that tells of Alice's certificate; gives the cookie field. */
  private String bind(Binding.Kind kind) throws Exception {
    hold(BindingPolicy.Rung.ENFORCE, kind);
    String der = Files.readString(alice.chain()).replaceAll("-----[A-Z ]+-----|\\s", "");
    Wire.Answer answer =
        Wire.call(
            rig.open(trusting()),
            "POST /v1/login",
            List.of("Content-Type: application/jwt", "Client-Cert: :" + der + ":"),
            "ok.alice");
    assertThat(answer.body()).contains("\"binding\":\"" + kind.code() + "\"");
    return Rig.cookie(answer);
  }

  /** As Envoy writes it: five characters escaped, and no others. */
  private static String escaped(Certificate certificate) throws Exception {
    return Files.readString(certificate.chain())
        .replace("\n", "%0A")
        .replace(" ", "%20")
        .replace("+", "%2B")
        .replace("/", "%2F")
        .replace("=", "%3D");
  }

  private CheckResponse ask(EnvoyFilter by, String cookie, String certificate) {
    return by.stub().check(message(request("GET", "/page", cookie), certificate));
  }

  private static void assertAllowed(CheckResponse answer) {
    assertThat(answer.getHttpResponseCase()).isEqualTo(CheckResponse.HttpResponseCase.OK_RESPONSE);
  }

  private static void assertRefused(CheckResponse answer, String error) {
    assertThat(answer.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(401);
    assertThat(answer.getDeniedResponse().getHeadersList())
        .anySatisfy(
            option -> {
              assertThat(option.getHeader().getKey()).isEqualTo("www-authenticate");
              assertThat(option.getHeader().getValue()).isEqualTo("Session error=\"" + error + '"');
            });
  }

  @Test
  void theCertificateOfTheLoginLetsInAndNothingElse() throws Exception {
    String cookie = bind(Binding.Kind.CERTIFICATE);
    rig.current();
    String mallory = escaped(authority.sign(folder, "mallory"));
    // Twice, so that the second is answered from memory where it can be.
    for (int i = 0; i < 2; i++) {
      assertAllowed(ask(envoy, cookie, escaped(alice)));
      assertRefused(ask(envoy, cookie, ""), "binding-missing");
      assertRefused(ask(envoy, cookie, mallory), "binding-wrong");
    }
    assertThat(rig.tally.lines)
        .contains(
            "unproved certificate binding-missing enforce",
            "unproved certificate binding-wrong enforce")
        .doesNotContain("forwarded-ignored");
  }

  @Test
  void aRenewedOneProvesItsKeyWhereTheKeyIsBound() throws Exception {
    String cookie = bind(Binding.Kind.CERTIFICATE_KEY);
    assertAllowed(ask(envoy, cookie, escaped(authority.renew(folder, alice, "alice"))));
    assertRefused(ask(envoy, cookie, escaped(authority.sign(folder, "mallory"))), "binding-wrong");
  }

  /** The principal is a name that Envoy has read in some certificate. */
  @Test
  void aPrincipalIsNoProof() throws Exception {
    String cookie = bind(Binding.Kind.CERTIFICATE);
    CheckRequest.Builder named = message(request("GET", "/page", cookie)).toBuilder();
    AttributeContext.Peer.Builder source =
        named.getAttributesBuilder().getSourceBuilder().setPrincipal("CN=alice");
    assertRefused(envoy.stub().check(named.build()), "binding-missing");
    source.setPrincipal(escaped(alice));
    assertRefused(envoy.stub().check(named.build()), "binding-missing");
  }

  /** What stands in the request's own fields, the client has said. */
  @Test
  void aClientsOwnFieldIsNoProof() throws Exception {
    String cookie = bind(Binding.Kind.CERTIFICATE);
    CheckResponse answer =
        envoy.check(request("GET", "/page", cookie, "Client-Cert: " + escaped(alice)));
    assertRefused(answer, "binding-missing");
  }

  @Test
  void whatAnUntrustedPeerTellsIsIgnoredAndCounted() throws Exception {
    String cookie = bind(Binding.Kind.CERTIFICATE);
    PublicSettings others = Rig.on(l -> Rig.trusting(l, "192.0.2.0/24"));
    try (EnvoyFilter stranger = new EnvoyFilter(rig.openGrpc(others))) {
      assertThat(rig.tally.lines).doesNotContain("forwarded-ignored");
      assertRefused(ask(stranger, cookie, escaped(alice)), "binding-missing");
      assertThat(rig.tally.lines).containsOnlyOnce("forwarded-ignored");
    }
  }

  @Test
  void aTrustedPeerIsBelievedWhereItIsSaidToTellCertificatesAlone() throws Exception {
    String cookie = bind(Binding.Kind.CERTIFICATE);
    PublicSettings silent =
        Rig.on(
            l ->
                new ListenerSettings(
                    l.host(),
                    l.port(),
                    l.tls(),
                    TrustedPeers.of(List.of("127.0.0.0/8")),
                    l.limits(),
                    l.eventLoops()));
    try (EnvoyFilter filter = new EnvoyFilter(rig.openGrpc(silent))) {
      assertRefused(ask(filter, cookie, ""), "binding-missing");
      assertThat(rig.tally.lines).doesNotContain("forwarded-ignored");
      assertRefused(ask(filter, cookie, escaped(alice)), "binding-missing");
      assertThat(rig.tally.lines).containsOnlyOnce("forwarded-ignored");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "MIIB",
        ":MIIB:",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN%20CERTIFICATE-----%0AMIIB%0A-----END%20CERTIFICATE-----%0A",
        "-----BEGIN%20CERTIFICATE-----%ZZ"
      })
  void aTrustedPeersNonsenseIsRefusedAndLogsNobodyOut(String nonsense) throws Exception {
    String cookie = bind(Binding.Kind.CERTIFICATE);
    CheckResponse answer = ask(envoy, cookie, nonsense);
    assertThat(answer.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(403);
    assertThat(answer.getDeniedResponse().getHeadersList())
        .noneMatch(option -> option.getHeader().getKey().equals("set-cookie"));
    assertAllowed(ask(envoy, cookie, escaped(alice)));
  }

  @Test
  void aSessionThatIsBoundToNothingNeedsNone() throws Exception {
    hold(BindingPolicy.Rung.ENFORCE, Binding.Kind.CERTIFICATE);
    String cookie = rig.logIn(rig.open(trusting()), "bob");
    assertAllowed(ask(envoy, cookie, ""));
    assertAllowed(ask(envoy, cookie, escaped(alice)));
  }
}
