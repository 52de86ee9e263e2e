package org.symbolon.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.symbolon.proof.DbscDesk.LIFE;
import static org.symbolon.proof.DbscDesk.challenge;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.symbolon.session.BindingProofs;
import org.symbolon.session.DeviceSessions.Bound;
import org.symbolon.session.Evidence;
import org.symbolon.session.Reason;
import org.symbolon.session.Session;

/** The cookie that shows that a session's key was proved. */
class BoundCookieTest {
  private final DbscDesk desk = new DbscDesk();

  @Test
  void theCookieOfARegistrationIsAProofForATenthMoreThanItsAge() {
    String cookie = desk.registered().cookie().reveal();
    assertThat(desk.judge(desk.stored(), cookie)).isEqualTo(new BindingProofs.Proved());
    desk.store.advance(LIFE.plusSeconds(59));
    assertThat(desk.judge(desk.stored(), cookie)).isEqualTo(new BindingProofs.Proved());
    desk.store.advance(Duration.ofSeconds(1));
    assertThat(desk.judge(desk.stored(), cookie))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_STALE));
  }

  @Test
  void theCookieBeforeStaysGoodBesideTheNew() {
    Bound first = desk.registered();
    Bound second =
        (Bound) desk.refresh(desk.stored(), desk.device.proof(challenge(first.fields())));
    assertThat(desk.judge(desk.stored(), first.cookie().reveal()))
        .isEqualTo(new BindingProofs.Proved());
    assertThat(desk.judge(desk.stored(), second.cookie().reveal()))
        .isEqualTo(new BindingProofs.Proved());
    assertThat(desk.judge(desk.stored(), "junk", second.cookie().reveal()))
        .isEqualTo(new BindingProofs.Proved());
  }

  @Test
  void aCookieOfAnotherSessionProvesNothing() {
    desk.registered();
    Session other = desk.issue();
    Bound theirs = (Bound) desk.register(SoftDevice.ec().registration(desk.offered(other)));
    assertThat(desk.judge(desk.stored(), theirs.cookie().reveal()))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_WRONG));
  }

  @Test
  void aCookieThatIsForgedOrNoneProvesNothing() {
    String cookie = desk.registered().cookie().reveal();
    assertThat(desk.judge(desk.stored()))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_MISSING));
    for (int i = 0; i < cookie.length() - 1; i++) {
      char other = cookie.charAt(i) == 'A' ? 'B' : 'A';
      String forged = cookie.substring(0, i) + other + cookie.substring(i + 1);
      assertThat(desk.judge(desk.stored(), forged))
          .as("character " + i)
          .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_WRONG));
    }
    for (String none : List.of("", "x", cookie + "A", cookie.substring(1), "é".repeat(31))) {
      assertThat(desk.judge(desk.stored(), none))
          .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_WRONG));
    }
  }

  @Test
  void aCookieOfAnotherNameProvesNothing() {
    String cookie = desk.registered().cookie().reveal();
    Evidence elsewhere =
        new Evidence(
            List.of("x__Host-sid_bound=" + cookie, "a=__Host-sid_bound=" + cookie + "; b=c"));
    assertThat(desk.judge(desk.stored(), elsewhere))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_MISSING));
  }
}
