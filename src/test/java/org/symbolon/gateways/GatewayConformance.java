package org.symbolon.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The same probes for every gateway: its recipe as it lies in {@code gateways/}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GatewayConformance {
  private final RunningGateway.Daemon daemon;

  private @Nullable Stage stage;
  private @Nullable RunningGateway gateway;

  GatewayConformance(RunningGateway.Daemon daemon) {
    this.daemon = daemon;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    stage = Stage.set(folder, Map.of());
    gateway = RunningGateway.start(daemon, stage, UnaryOperator.identity());
  }

  @AfterAll
  void stop() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
    if (stage != null) {
      stage.close();
    }
  }

  Probes probes() {
    if (stage == null || gateway == null) {
      throw new IllegalStateException("not started");
    }
    return new Probes(stage, gateway);
  }

  @Test
  void letsInAndTellsWho() {
    probes().letsInAndTellsWho();
  }

  @Test
  void refusesWhoHasNoSession() {
    probes().refusesWhoHasNoSession();
  }

  @Test
  void refusesAnExpiredSessionAndDeletesItsCookie() {
    probes().refusesAnExpiredSessionAndDeletesItsCookie();
  }

  @Test
  void refusesAnAmbiguousCookie() {
    probes().refusesAnAmbiguousCookie();
  }

  @Test
  void passesOnThatItIsForbidden() throws Exception {
    probes().passesOnThatItIsForbidden();
  }

  @Test
  void overwritesSpoofedIdentities() throws Exception {
    probes().overwritesSpoofedIdentities();
  }

  @Test
  void handsOnTheAssertion() throws Exception {
    probes().handsOnTheAssertion();
  }

  @Test
  void dropsIdentitiesWithUnderscores() {
    probes().dropsIdentitiesWithUnderscores();
  }

  @Test
  void overwritesSpoofedForwarding() {
    probes().overwritesSpoofedForwarding();
  }

  @Test
  void sendsABodyToTheApplicationAlone() {
    probes().sendsABodyToTheApplicationAlone();
  }

  @Test
  void opensWebSockets() {
    probes().opensWebSockets();
  }

  @Test
  void carriesARotatedCookie() throws Exception {
    probes().carriesARotatedCookie();
  }

  @Test
  void keepsARotatedCookieOutOfCaches() throws Exception {
    probes().keepsARotatedCookieOutOfCaches();
  }

  @Test
  void isUnavailableWhereTheServiceHangs() throws Exception {
    probes().isUnavailableWhereTheServiceHangs();
  }

  @Test
  void isUnavailableWhereTheServiceIsDown() throws Exception {
    probes().isUnavailableWhereTheServiceIsDown();
  }

  @Test
  void isUnavailableWhereTheServiceIs() throws Exception {
    probes().isUnavailableWhereTheServiceIs();
  }

  @Test
  void keepsNoVerdict() {
    probes().keepsNoVerdict();
  }

  @Test
  void keepsTheSessionIdFromTheApplication() {
    probes().keepsTheSessionIdFromTheApplication();
  }

  @Test
  void keepsTheProofOfAKeyFromTheApplication() {
    probes().keepsTheProofOfAKeyFromTheApplication();
  }

  @Test
  void handsOnThePageThatAsksAgain() throws Exception {
    probes().handsOnThePageThatAsksAgain();
  }

  @Test
  void leadsBrowsersWithKeysToTheService() throws Exception {
    probes().leadsBrowsersWithKeysToTheService();
  }

  @Test
  void carriesProofsOfPrograms() throws Exception {
    probes().carriesProofsOfPrograms();
  }

  @Test
  void dropsSpoofedCertificates() {
    probes().dropsSpoofedCertificates();
  }

  @Test
  void logsInAndOutFromItsOwnSiteAlone() {
    probes().logsInAndOutFromItsOwnSiteAlone();
  }

  @Test
  void exposesNothingElseOfTheService() {
    probes().exposesNothingElseOfTheService();
  }

  @Test
  void sendsPlaintextOnToTls() {
    probes().sendsPlaintextOnToTls();
  }

  /** What an operator types finds nothing wrong with a recipe, and leaves nothing unexamined. */
  @Test
  void isFoundGoodByGatewayCheck() throws Exception {
    Stage around = Objects.requireNonNull(stage);
    RunningGateway running = Objects.requireNonNull(gateway);
    Checked checked = Checked.withABackendsKey(around, running);
    assertThat(checked.code()).as(checked.said()).isZero();
    assertThat(checked.good()).hasSize(18);
    assertThat(checked.said()).doesNotContain("skipped");
    Checked byAssertion = Checked.of(around, running);
    assertThat(byAssertion.code()).as(byAssertion.said()).isZero();
    assertThat(byAssertion.good()).isNotEmpty().doesNotContain("expired");
    Checked down = Checked.whileDown(around, running);
    assertThat(down.code()).as(down.said()).isZero();
    assertThat(down.good()).containsExactly("service-down");
  }
}
