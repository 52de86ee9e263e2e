package org.symbolon.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.symbolon.proof.DbscDesk.OWNER;
import static org.symbolon.proof.DbscDesk.REGISTER;
import static org.symbolon.proof.DbscDesk.assertRefused;
import static org.symbolon.proof.DbscDesk.challenge;
import static org.symbolon.proof.DbscDesk.now;
import static org.symbolon.proof.DbscDesk.request;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.BindingPolicy;
import org.symbolon.session.BindingProofs;
import org.symbolon.session.DeviceSessions.Answer;
import org.symbolon.session.DeviceSessions.Bound;
import org.symbolon.session.DeviceSessions.Challenged;
import org.symbolon.session.DeviceSessions.Over;
import org.symbolon.session.Reason;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Unavailable;

/** Device Bound Session Credentials, what this service holds to beyond the specification. */
class DbscSessionsTest {
  private final DbscDesk desk = new DbscDesk();

  @Test
  void offersNothingWhereThePolicyIsOffAndTakesNoKeyThere() {
    DbscSessions off = desk.node(BindingPolicy.Rung.OFF);
    assertThat(off.offer(desk.session)).isEmpty();
    String proof = desk.device.registration(desk.offered(desk.session));
    assertRefused(
        now(off.register(request(REGISTER, Map.of("Secure-Session-Response", List.of(proof))))),
        "jti");
  }

  @Test
  void registrationTakesAnRsaKeyOfTwoThousandAndFortyEightBits() {
    SoftDevice rsa = SoftDevice.rsa(2048);
    Answer answer = desk.register(rsa.registration(desk.offered(desk.session)));
    assertThat(answer).isInstanceOf(Bound.class);
    assertThat(desk.refresh(desk.stored(), rsa.proof(challenge(((Bound) answer).fields()))))
        .isInstanceOf(Bound.class);
  }

  @Test
  void registrationTakesNoWeakerKeyAndNoOtherCurve() {
    assertRefused(
        desk.register(SoftDevice.rsa(1024).registration(desk.offered(desk.session))), "jwk");
    SoftDevice other = SoftDevice.ec("secp384r1");
    assertRefused(desk.register(other.registration(desk.offered(desk.session))), "jwk");
    assertThat(desk.stored().binding()).isEmpty();
  }

  @Test
  void aPointThatIsNotOnTheCurveIsNoKey() {
    String off = desk.device.jwk().replaceFirst("\"y\":\"..", "\"y\":\"AA");
    assertRefused(
        desk.register(
            desk.device.sign(
                desk.device.header("\"jwk\":" + off),
                SoftDevice.claims(desk.offered(desk.session)))),
        "proof");
  }

  @Test
  void aPrivateKeyInTheProofIsRefused() {
    String leaked = desk.device.jwk().replace("}", ",\"d\":\"" + "A".repeat(43) + "\"}");
    assertRefused(
        desk.register(
            desk.device.sign(
                desk.device.header("\"jwk\":" + leaked),
                SoftDevice.claims(desk.offered(desk.session)))),
        "proof");
  }

  @Test
  void aRegistrationChallengeIsGoodOnceOnAllNodes() {
    String proof = desk.device.registration(desk.offered(desk.session));
    assertThat(desk.register(proof)).isInstanceOf(Bound.class);
    DbscSessions another = desk.node(BindingPolicy.Rung.ENFORCE);
    assertRefused(
        now(another.register(request(REGISTER, Map.of("Secure-Session-Response", List.of(proof))))),
        "jti");
  }

  @Test
  void aRegistrationChallengeEndsAfterFiveMinutes() {
    String late = desk.device.registration(desk.offered(desk.session));
    desk.store.advance(Duration.ofMinutes(5).minusSeconds(1));
    assertThat(desk.register(late)).isInstanceOf(Bound.class);
    Session next = desk.issue();
    String tooLate = desk.device.registration(desk.offered(next));
    desk.store.advance(Duration.ofMinutes(5));
    assertRefused(desk.register(tooLate), "jti");
  }

  @Test
  void theFirstKeyWinsWhateverComesWithAnotherChallenge() {
    String second = desk.offered(desk.session);
    desk.registered();
    String first = desk.stored().binding().orElseThrow().key();
    assertRefused(desk.register(SoftDevice.ec().registration(second)), "jwk");
    assertThat(desk.stored().binding().orElseThrow().key()).isEqualTo(first);
    assertThat(desk.audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.SESSION_BOUND, AuditEvent.Action.PROOF_REFUSED);
  }

  @Test
  void aChallengeBindsNoOtherSessionThanItsOwn() {
    Session other = desk.issue();
    String challenge = desk.offered(desk.session);
    desk.register(desk.device.registration(challenge));
    assertThat(((SessionStore.Found) now(desk.store.find(other.handle()))).session().binding())
        .isEmpty();
    // Another session's handle in the place of its own is no challenge of that desk.session.
    byte[] bytes = Base64.getUrlDecoder().decode(desk.offered(desk.session));
    byte[] theirs = Base64.getUrlDecoder().decode(desk.offered(other));
    System.arraycopy(theirs, 7, bytes, 7, 10);
    assertRefused(
        desk.register(desk.device.registration(Base64.getUrlEncoder().encodeToString(bytes))),
        "jti");
  }

  @Test
  void aChallengeOfAnotherPurposeIsRefused() {
    Bound bound = desk.registered();
    String refresh = challenge(bound.fields());
    assertRefused(desk.register(desk.device.registration(refresh)), "jti");
    String registration = desk.offered(desk.session);
    assertThat(desk.refresh(desk.stored(), desk.device.proof(registration)))
        .isInstanceOf(Challenged.class);
    assertThat(desk.judge(desk.stored(), registration))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_WRONG));
  }

  @Test
  void aProofThatWasUsedIsChallengedOnAnotherNodeTooAndIsNoTheft() {
    String proof = desk.device.proof(challenge(desk.registered().fields()));
    assertThat(desk.refresh(desk.stored(), proof)).isInstanceOf(Bound.class);
    assertThat(DbscDesk.refresh(desk.node(BindingPolicy.Rung.ENFORCE), desk.stored(), proof))
        .isInstanceOf(Challenged.class);
    assertThat(desk.audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.SESSION_BOUND);
  }

  @Test
  void anOversizeProofIsRefusedUnread() {
    String challenge = challenge(desk.registered().fields());
    String large =
        desk.device.sign(
            desk.device.header("\"pad\":\"" + "x".repeat(4096) + "\""),
            SoftDevice.claims(challenge));
    assertRefused(desk.refresh(desk.stored(), large), "proof");
  }

  @Test
  void anUnknownAndAnUnboundSessionAreOver() {
    assertThat(desk.refresh(desk.session, desk.device.proof("x"))).isInstanceOf(Over.class);
    now(desk.store.revoke(OWNER, desk.session.handle(), RevocationReason.LOGOUT));
    assertThat(desk.refresh(desk.session)).isInstanceOf(Over.class);
  }

  @Test
  void aRefreshProlongsNothing() {
    String proof = desk.device.proof(challenge(desk.registered().fields()));
    desk.store.advance(Duration.ofMinutes(9));
    Session before = desk.stored();
    assertThat(desk.refresh(before, proof)).isInstanceOf(Bound.class);
    assertThat(desk.stored()).isEqualTo(before);
  }

  @Test
  void anOutageEndsNothing() {
    String proof = desk.device.proof(challenge(desk.registered().fields()));
    desk.isGuardDown = true;
    assertThat(desk.refresh(desk.stored(), proof)).isInstanceOf(Unavailable.class);
    desk.isGuardDown = false;
    Session before = desk.stored();
    desk.store.setDown(true);
    assertThat(desk.refresh(before, proof)).isInstanceOf(Unavailable.class);
    assertThat(desk.register(desk.device.registration(desk.offered(desk.session))))
        .isInstanceOf(Unavailable.class);
    desk.store.setDown(false);
    assertThat(desk.refresh(before, proof)).isInstanceOf(Bound.class);
  }

  @Test
  void keysOfTheRingAreReplacedWithoutADownfall() {
    Bound bound = desk.registered();
    desk.seals.signing = 4;
    assertThat(desk.judge(desk.stored(), bound.cookie().reveal()))
        .isEqualTo(new BindingProofs.Proved());
    Answer next = desk.refresh(desk.stored(), desk.device.proof(challenge(bound.fields())));
    assertThat(next).isInstanceOf(Bound.class);
    desk.seals.oldest = 4;
    assertThat(desk.judge(desk.stored(), bound.cookie().reveal()))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_WRONG));
    assertThat(desk.judge(desk.stored(), ((Bound) next).cookie().reveal()))
        .isEqualTo(new BindingProofs.Proved());
  }
}
