package org.symbolon.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.symbolon.proof.DbscDesk.ATTRIBUTES;
import static org.symbolon.proof.DbscDesk.LIFE;
import static org.symbolon.proof.DbscDesk.OWNER;
import static org.symbolon.proof.DbscDesk.REFRESH;
import static org.symbolon.proof.DbscDesk.REGISTER;
import static org.symbolon.proof.DbscDesk.assertRefused;
import static org.symbolon.proof.DbscDesk.challenge;
import static org.symbolon.proof.DbscDesk.now;
import static org.symbolon.proof.DbscDesk.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.BindingPolicy;
import org.symbolon.session.BindingProofs;
import org.symbolon.session.DeviceSessions.Answer;
import org.symbolon.session.DeviceSessions.Bound;
import org.symbolon.session.DeviceSessions.Challenged;
import org.symbolon.session.DeviceSessions.Over;
import org.symbolon.session.DeviceSessions.Refused;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;

/**
 * What the W3C draft of 17 February 2026 demands of a server, each demand by its name; <a
 * href="https://w3c.github.io/webappsec-dbsc/">Device Bound Session Credentials</a>. What is left
 * out is in docs/bound-sessions.md.
 */
class DbscSpecificationTest {
  private final DbscDesk desk = new DbscDesk();

  @Test
  void offersRegistrationAsAListOfInnerListsOfTokens() {
    assertThat(desk.dbsc.offer(desk.session))
        .hasEntrySatisfying(
            "Secure-Session-Registration",
            value ->
                assertThat(value)
                    .matches(
                        "\\(ES256"
                            + " RS256\\);path=\"/.session/dbsc/register\";challenge=\"[^\"]{60}\""));
  }

  @Test
  void registrationBindsTheSessionToTheKeyAndTellsTheBrowserAll() throws Exception {
    Bound bound = desk.registered();
    assertThat(desk.stored().binding())
        .hasValueSatisfying(binding -> assertThat(binding.key()).startsWith("ES256.").hasSize(93));
    JsonNode json = new ObjectMapper().readTree(bound.json());
    assertThat(json.path("session_identifier").asText())
        .isEqualTo(desk.session.handle().toString());
    assertThat(json.path("refresh_url").asText()).isEqualTo("/.session/dbsc/refresh");
    assertThat(json.path("scope").path("include_site").asBoolean(true)).isFalse();
    assertThat(json.path("credentials").path(0).path("name").asText())
        .isEqualTo("__Host-sid_bound");
    assertThat(json.path("credentials").path(0).path("attributes").asText()).isEqualTo(ATTRIBUTES);
    assertThat(bound.age()).isEqualTo(LIFE);
    assertThat(bound.fields())
        .hasEntrySatisfying(
            "Secure-Session-Challenge",
            value -> assertThat(value).endsWith(";id=\"" + desk.session.handle() + "\""));
    assertThat(desk.audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.SESSION_BOUND);
  }

  @Test
  void registrationNeedsAKeyAndProvesIt() {
    String challenge = desk.offered(desk.session);
    assertRefused(desk.register(desk.device.proof(challenge)), "jwk");
    String foreign = SoftDevice.ec().jwk();
    assertRefused(
        desk.register(
            desk.device.sign(
                desk.device.header("\"jwk\":" + foreign), SoftDevice.claims(challenge))),
        "Secure-Session-Response");
    assertThat(desk.stored().binding()).isEmpty();
    assertThat(desk.audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.PROOF_REFUSED);
    // Who signs falsely has not used up the browser's challenge.
    assertThat(desk.register(desk.device.registration(challenge))).isInstanceOf(Bound.class);
  }

  @Test
  void refreshNeedsNothingButTheIdentifierAndAProofOfTheCachedChallenge() {
    Bound bound = desk.registered();
    desk.store.advance(LIFE);
    Answer answer = desk.refresh(desk.stored(), desk.device.proof(challenge(bound.fields())));
    assertThat(answer)
        .isInstanceOfSatisfying(
            Bound.class,
            proved -> {
              assertThat(challenge(proved.fields())).isNotEqualTo(challenge(bound.fields()));
              assertThat(desk.judge(desk.stored(), proved.cookie().reveal()))
                  .isEqualTo(new BindingProofs.Proved());
            });
  }

  @Test
  void refreshTakesIdentifierAndProofBareOrQuoted() {
    Bound bound = desk.registered();
    Map<String, List<String>> quoted =
        Map.of(
            "Sec-Secure-Session-Id", List.of("\"" + desk.session.handle() + "\""),
            "Secure-Session-Response",
                List.of("\"" + desk.device.proof(challenge(bound.fields())) + "\""));
    assertThat(now(desk.dbsc.refresh(request(REFRESH, quoted)))).isInstanceOf(Bound.class);
  }

  @Test
  void refreshWithoutAProofIsChallengedAndTheAnswerToItTaken() {
    desk.registered();
    Answer first = desk.refresh(desk.stored());
    assertThat(first).isInstanceOf(Challenged.class);
    assertThat(
            desk.refresh(
                desk.stored(), desk.device.proof(challenge(((Challenged) first).fields()))))
        .isInstanceOf(Bound.class);
  }

  @Test
  void earlierChallengesStayGoodWhileLaterOnesAreOut() {
    String first = challenge(desk.registered().fields());
    String second = challenge(((Challenged) desk.refresh(desk.stored())).fields());
    assertThat(desk.refresh(desk.stored(), desk.device.proof(second))).isInstanceOf(Bound.class);
    assertThat(desk.refresh(desk.stored(), desk.device.proof(first))).isInstanceOf(Bound.class);
  }

  @Test
  void aStaleChallengeIsAnsweredWithAnother() {
    String proof = desk.device.proof(challenge(desk.registered().fields()));
    desk.store.advance(LIFE.plusMinutes(5));
    assertThat(desk.refresh(desk.stored(), proof)).isInstanceOf(Challenged.class);
  }

  @Test
  void aProofByAnotherKeyIsRefusedAndRecorded() {
    String challenge = challenge(desk.registered().fields());
    assertRefused(
        desk.refresh(desk.stored(), SoftDevice.ec().proof(challenge)), "Secure-Session-Response");
    assertThat(desk.audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.SESSION_BOUND, AuditEvent.Action.PROOF_REFUSED);
    assertThat(desk.refresh(desk.stored(), desk.device.proof(challenge))).isInstanceOf(Bound.class);
  }

  @Test
  void aKeyBroughtToARefreshIsRefusedBesideAGoodSignatureToo() {
    String challenge = challenge(desk.registered().fields());
    assertRefused(desk.refresh(desk.stored(), SoftDevice.ec().registration(challenge)), "jwk");
    assertRefused(desk.refresh(desk.stored(), desk.device.registration(challenge)), "jwk");
    assertThat(desk.refresh(desk.stored(), desk.device.proof(challenge))).isInstanceOf(Bound.class);
  }

  @Test
  void theAlgorithmIsThatOfTheRegistration() {
    String challenge = challenge(desk.registered().fields());
    assertRefused(
        desk.refresh(desk.stored(), SoftDevice.rsa(2048).proof(challenge)),
        "Secure-Session-Response");
  }

  @Test
  void aTurnedBitOfTheSignatureIsRefused() {
    String challenge = challenge(desk.registered().fields());
    assertRefused(
        desk.refresh(desk.stored(), SoftDevice.broken(desk.device.proof(challenge))),
        "Secure-Session-Response");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "proof|{\"alg\":\"none\",\"typ\":\"dbsc+jwt\"}",
        "alg|{\"alg\":\"HS256\",\"typ\":\"dbsc+jwt\"}",
        "alg|{\"alg\":\"ES384\",\"typ\":\"dbsc+jwt\"}",
        "typ|{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
        "typ|{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\"}",
        "typ|{\"alg\":\"ES256\",\"typ\":\"dbsc+aik\"}",
        "typ|{\"alg\":\"ES256\"}",
        "crit|{\"alg\":\"ES256\",\"typ\":\"dbsc+jwt\",\"crit\":[\"exp\"],\"exp\":1}",
        "crit|{\"alg\":\"ES256\",\"typ\":\"dbsc+jwt\",\"b64\":false,\"crit\":[\"b64\"]}",
        "jku|{\"alg\":\"ES256\",\"typ\":\"dbsc+jwt\",\"jku\":\"https://evil.example\"}",
        "proof|[]",
        "proof|``"
      })
  void aProofWithAnotherHeaderIsRefused(String field, String header) {
    String challenge = challenge(desk.registered().fields());
    assertRefused(
        desk.refresh(desk.stored(), desk.device.sign(header, SoftDevice.claims(challenge))), field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b", "a.b.c", "a.b.c.d", "a.b.c.d.e", "...", "é.é.é"})
  void whatIsNoJwtIsRefused(String text) {
    desk.registered();
    assertThat(desk.refresh(desk.stored(), text)).isInstanceOf(Refused.class);
    assertThat(desk.register(text)).isInstanceOf(Refused.class);
  }

  @Test
  void anAudienceHasToBeTheEndpoint() {
    String challenge = challenge(desk.registered().fields());
    String wrong = "{\"jti\":\"" + challenge + "\",\"aud\":\"" + REGISTER + "\"}";
    assertRefused(
        desk.refresh(desk.stored(), desk.device.sign(desk.device.header(""), wrong)), "aud");
    String right = "{\"jti\":\"" + challenge + "\",\"aud\":\"" + REFRESH + "\"}";
    assertThat(desk.refresh(desk.stored(), desk.device.sign(desk.device.header(""), right)))
        .isInstanceOf(Bound.class);
  }

  @Test
  void aRefreshNamesItsSession() {
    desk.registered();
    assertRefused(now(desk.dbsc.refresh(request(REFRESH, Map.of()))), "Sec-Secure-Session-Id");
    assertRefused(
        now(desk.dbsc.refresh(request(REFRESH, Map.of("Sec-Secure-Session-Id", List.of("junk"))))),
        "Sec-Secure-Session-Id");
  }

  @Test
  void aSessionThatIsOverIsOverForTheBrowserAndNothingBringsItBack() {
    String proof = desk.device.proof(challenge(desk.registered().fields()));
    Session before = desk.stored();
    now(desk.store.revoke(OWNER, desk.session.handle(), RevocationReason.LOGOUT));
    assertThat(desk.refresh(before, proof))
        .isEqualTo(
            new Over(
                "{\"session_identifier\":\"" + desk.session.handle() + "\",\"continue\":false}"));
    assertThat(now(desk.store.find(desk.session.handle()))).isInstanceOf(SessionStore.Ended.class);
    assertRefused(desk.register(SoftDevice.ec().registration(desk.offered(desk.session))), "jti");
  }

  @Test
  void parametersBesideIdentifierAndProofAreIgnored() {
    Bound bound = desk.registered();
    for (String quote : List.of("\"", "")) {
      String proof = desk.device.proof(challenge(bound.fields()));
      Map<String, List<String>> fields =
          Map.of(
              "Sec-Secure-Session-Id",
              List.of(quote + desk.session.handle() + quote + ";a=1; b"),
              "Secure-Session-Response",
              List.of(quote + proof + quote + " ;c=\"x\""));
      Answer answer = now(desk.dbsc.refresh(request(REFRESH, fields)));
      assertThat(answer).as(quote).isInstanceOf(Bound.class);
      bound = (Bound) answer;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"%s\" x", "\"%s", "\"\"", "x \"%s\"", "\"%s\",\"%s\"", "%s, %s"})
  void aFieldHoldsTheOneStringAlone(String form) {
    String proof = desk.device.proof(challenge(desk.registered().fields()));
    assertThat(desk.refresh(desk.stored(), form.formatted(proof, proof)))
        .isInstanceOf(Refused.class);
    assertThat(desk.refresh(desk.stored(), proof)).isInstanceOf(Bound.class);
  }

  @Test
  void everyChallengeNamesItsSession() {
    Bound registered = desk.registered();
    Challenged challenged = (Challenged) desk.refresh(desk.stored());
    Bound refreshed =
        (Bound) desk.refresh(desk.stored(), desk.device.proof(challenge(registered.fields())));
    for (Map<String, String> fields :
        List.of(registered.fields(), challenged.fields(), refreshed.fields())) {
      assertThat(fields)
          .hasSize(1)
          .hasEntrySatisfying(
              "Secure-Session-Challenge",
              value -> assertThat(value).endsWith("\";id=\"" + desk.session.handle() + "\""));
    }
  }

  @Test
  void aChallengeOfAnotherSessionIsNoneOfThisOne() {
    desk.registered();
    Session other = desk.issue();
    SoftDevice theirs = SoftDevice.ec();
    Bound bound = (Bound) desk.register(theirs.registration(desk.offered(other)));
    assertThat(desk.refresh(desk.stored(), desk.device.proof(challenge(bound.fields()))))
        .isInstanceOf(Challenged.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "x",
        "{\"jti\":7}",
        "{\"jti\":null}",
        "{\"jti\":[\"%s\"]}",
        "{\"nonce\":\"%s\"}",
        "{\"sub\":\"%s\"}"
      })
  void aProofNamesItsChallengeInJti(String claims) {
    String offer = desk.offered(desk.session);
    String jwk = desk.device.header("\"jwk\":" + desk.device.jwk());
    assertRefused(desk.register(desk.device.sign(jwk, claims.formatted(offer))), "jti");
    String challenge = challenge(desk.registered().fields());
    String proof = desk.device.sign(desk.device.header(""), claims.formatted(challenge));
    assertRefused(desk.refresh(desk.stored(), proof), "jti");
  }

  @Test
  void aRegistrationWithoutASignatureIsRefusedAsNoneIsNotOffered() {
    String challenge = desk.offered(desk.session);
    for (String jwk : List.of("", ",\"jwk\":" + desk.device.jwk())) {
      String signed =
          desk.device.sign(
              "{\"alg\":\"none\",\"typ\":\"dbsc+jwt\"" + jwk + "}", SoftDevice.claims(challenge));
      assertThat(desk.register(signed)).isInstanceOf(Refused.class);
      assertThat(desk.register(signed.substring(0, signed.lastIndexOf('.') + 1)))
          .isInstanceOf(Refused.class);
    }
    assertThat(desk.stored().binding()).isEmpty();
  }

  @Test
  void aSessionOfAWholeSiteIsOfItsRegistrableDomainAndProvedAtOneHost() throws Exception {
    DbscSessions node =
        desk.node(
            BindingPolicy.Rung.ENFORCE,
            Optional.of(
                new DbscSite("https://login.example.org:8443", "https://example.org:8443")));
    Map<String, String> offer = node.offer(desk.session);
    assertThat(offer.get("Secure-Session-Registration"))
        .contains(";path=\"https://login.example.org:8443/.session/dbsc/register\";");
    Map<String, List<String>> proof =
        Map.of("Secure-Session-Response", List.of(desk.device.registration(challenge(offer))));
    Bound bound = (Bound) now(node.register(request(REGISTER, proof)));
    JsonNode json = new ObjectMapper().readTree(bound.json());
    assertThat(json.path("refresh_url").asText())
        .isEqualTo("https://login.example.org:8443/.session/dbsc/refresh");
    assertThat(json.path("scope").path("origin").asText()).isEqualTo("https://example.org:8443");
    assertThat(json.path("scope").path("include_site").asBoolean()).isTrue();
  }

  @Test
  void theWellKnownFileNamesWhoRegistersForTheSite() {
    assertThat(desk.dbsc.wellKnown()).isEmpty();
    DbscSite site = new DbscSite("https://login.example.org", "https://example.org");
    assertThat(desk.node(BindingPolicy.Rung.ENFORCE, Optional.of(site)).wellKnown())
        .contains("{\"registering_origins\":[\"https://login.example.org\"]}");
  }

  @Test
  void aRefreshRepeatsTheSettingsOfItsSession() throws Exception {
    Bound registered = desk.registered();
    Bound refreshed =
        (Bound) desk.refresh(desk.stored(), desk.device.proof(challenge(registered.fields())));
    assertThat(refreshed.json()).isEqualTo(registered.json());
  }
}
