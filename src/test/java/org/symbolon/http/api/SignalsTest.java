package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Rig;
import org.symbolon.http.TrustedPeers;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.BindingPolicy.Rung;
import org.symbolon.session.Signal;
import org.symbolon.session.SignalPolicy;

/** Presenters who differ from the session's first, as a gateway tells of them. */
class SignalsTest {
  private static final String FIREFOX =
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  private static final String NEWER =
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
  private static final String CURL = "User-Agent: curl/8.5.0";
  private final Rig rig = new Rig();
  private int gateway;
  private int open;
  private String cookie = "";

  @BeforeEach
  void open() {
    gateway = rig.open(Rig.on(SignalsTest::telling));
    open = rig.open(Rig.settings());
    cookie = rig.logIn(gateway, "alice");
    rig.current();
  }

  private static ListenerSettings telling(ListenerSettings usual) {
    return new ListenerSettings(
        usual.host(),
        usual.port(),
        usual.tls(),
        TrustedPeers.of(List.of("127.0.0.0/8")).telling("X-JA4"),
        usual.limits(),
        usual.eventLoops());
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private void hold(Rung rung, Signal signal) {
    rig.signals = new SignalPolicy(Map.of(signal, rung));
  }

  private Answer validate(int port, String... fields) {
    List<String> all = new ArrayList<>(List.of(cookie));
    all.addAll(List.of(fields));
    return Wire.call(port, "GET /gw/nginx/validate", all, "");
  }

  private static String from(String address) {
    return "X-Forwarded-For: " + address;
  }

  /** Twice, so that the second is answered from memory where it can be. */
  private void allowed(String... fields) {
    for (int i = 0; i < 2; i++) {
      assertThat(validate(gateway, fields).status())
          .as("%s, %s", i, List.of(fields))
          .isEqualTo(200);
    }
  }

  private void refused(String error, String... fields) {
    for (int i = 0; i < 2; i++) {
      Answer answer = validate(gateway, fields);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.one("WWW-Authenticate")).startsWith("Session error=\"" + error + '"');
    }
  }

  @Test
  void theNetworkMayNotChangeButTheAddressMay() {
    hold(Rung.ENFORCE, Signal.NETWORK);
    allowed(from("192.0.2.1"));
    allowed(from("192.0.2.200"));
    refused("signals-differ", from("192.0.3.1"));
    allowed(from("192.0.2.1"));
  }

  @Test
  void anIpv6NetworkHas48Bits() {
    hold(Rung.ENFORCE, Signal.NETWORK);
    allowed(from("2001:db8:1:2::1"));
    allowed(from("2001:db8:1:ffff::7"));
    refused("signals-differ", from("2001:db8:2::1"));
  }

  @Test
  void aBrowserMayGetANewVersionButNotBecomeAnother() {
    hold(Rung.ENFORCE, Signal.USER_AGENT);
    allowed(FIREFOX);
    allowed(NEWER);
    refused("signals-differ", CURL);
    refused("signals-differ");
  }

  @Test
  void theFingerprintIsTheTrustedGatewaysWord() {
    hold(Rung.ENFORCE, Signal.FINGERPRINT);
    allowed("X-JA4: t13d1516h2_8daaf6152771_02713d6af862");
    refused("signals-differ", "X-JA4: t13d3112h2_e8f1e7e78f70_6bebaf5329ac");
    refused("signals-differ");
  }

  @Test
  void anUntrustedPeersFingerprintIsIgnoredAndCounted() {
    hold(Rung.ENFORCE, Signal.FINGERPRINT);
    allowed("X-JA4: t13d1516h2_8daaf6152771_02713d6af862");
    int peer =
        rig.open(
            Rig.on(
                l ->
                    new ListenerSettings(
                        l.host(),
                        l.port(),
                        l.tls(),
                        TrustedPeers.of(List.of("192.0.2.0/24")).telling("X-JA4"),
                        l.limits(),
                        l.eventLoops())));
    int before = rig.tally.lines.size();
    assertThat(validate(peer, "X-JA4: t13d1516h2_8daaf6152771_02713d6af862").status())
        .isEqualTo(401);
    assertThat(rig.tally.lines.subList(before, rig.tally.lines.size()))
        .contains("forwarded-ignored");
  }

  @Test
  void anUntrustedPeersForwardedAddressIsIgnored() {
    hold(Rung.ENFORCE, Signal.NETWORK);
    allowed(from("192.0.2.1"));
    assertThat(validate(open, from("192.0.2.1")).status()).isEqualTo(401);
  }

  @Test
  void severalFingerprintsAndALongOneAreRefused() {
    hold(Rung.ENFORCE, Signal.FINGERPRINT);
    assertThat(validate(gateway, "X-JA4: a", "X-JA4: b").status()).isEqualTo(403);
    assertThat(validate(gateway, "X-JA4: " + "a".repeat(1025)).status()).isEqualTo(403);
  }

  @Test
  void observingCountsEachRequestAlsoOfThoseAnsweredFromMemory() {
    hold(Rung.OBSERVE, Signal.NETWORK);
    allowed(from("192.0.2.1"));
    int finds = rig.store.finds.get();
    allowed(from("192.0.3.1"));
    allowed(from("192.0.3.1"));
    assertThat(rig.store.finds.get() - finds).isEqualTo(1);
    assertThat(rig.tally.lines)
        .filteredOn("unproved network signals-differ observe"::equals)
        .hasSize(4);
    assertThat(rig.audit)
        .filteredOn(event -> event.action() == AuditEvent.Action.SESSION_DIFFERED)
        .hasSize(1);
  }

  @Test
  void whatIsKnownOfOnePresenterIsNoAnswerForAnother() {
    hold(Rung.ENFORCE, Signal.NETWORK);
    allowed(from("192.0.2.1"));
    int finds = rig.store.finds.get();
    allowed(from("192.0.2.1"));
    assertThat(rig.store.finds.get()).isEqualTo(finds);
    refused("signals-differ", from("192.0.3.1"));
    assertThat(rig.store.finds.get() - finds).isEqualTo(2);
  }

  @Test
  void aStepUpIsAskedForAsRfc9470Has() {
    hold(Rung.STEP_UP, Signal.NETWORK);
    allowed(from("192.0.2.1"));
    refused("insufficient_user_authentication", from("192.0.3.1"));
    String handle = validate(gateway, from("192.0.2.1")).one("X-Session-Handle");
    Answer elevated =
        Wire.call(
            open,
            "POST /v1/sessions/" + handle + "/elevate",
            List.of("Authorization: Bearer issue", "Content-Type: application/json"),
            "{\"auth_time\":" + rig.store.now.getEpochSecond() + "}");
    assertThat(elevated.status()).isEqualTo(200);
    cookie = Rig.cookie(elevated);
    allowed(from("192.0.3.1"));
    refused("insufficient_user_authentication", from("192.0.2.1"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Signal.class,
      names = {"USER_AGENT", "NETWORK", "FINGERPRINT"})
  void endpointsOfTheOwnSessionHoldToItToo(Signal signal) {
    hold(Rung.ENFORCE, signal);
    allowed(from("192.0.2.1"), FIREFOX, "X-JA4: a");
    Answer answer =
        Wire.call(
            gateway,
            "GET /v1/me/sessions",
            List.of(cookie, from("192.0.3.1"), CURL, "X-JA4: b"),
            "");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).contains("signals-differ", "\"mend\":\"Log in again\"");
  }
}
