package org.symbolon.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.symbolon.faults.Checker.Fault.LIVE_AND_DENIED;
import static org.symbolon.faults.Checker.Fault.NOT_ANSWERED;
import static org.symbolon.faults.Checker.Fault.REFUSED_WITHOUT_OUTAGE;
import static org.symbolon.faults.Checker.Fault.REVOKED_AND_LET_IN;
import static org.symbolon.faults.Checker.Fault.REVOKED_HERE_AND_LET_IN;
import static org.symbolon.faults.Checker.Fault.STRANGE;
import static org.symbolon.faults.Event.Kind.ISSUE;
import static org.symbolon.faults.Event.Kind.REVOKE;
import static org.symbolon.faults.Event.Kind.VALIDATE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge of histories finds what is wrong in hand-made ones, and nothing in good ones. */
class CheckerTest {
  private static final long BOUND = 100;
  private static final Event ISSUED = new Event(ISSUE, 1, 2, 0, 7, 201);
  private static final Event REVOKED = new Event(REVOKE, 1000, 1010, 0, 7, 204);

  private static Event validated(long asked, int node, int status) {
    return new Event(VALIDATE, asked, asked + 5, node, 7, status);
  }

  private static Event revoked(int status) {
    return new Event(REVOKE, 1000, 1010, 0, 7, status);
  }

  private static Optional<Checker.Fault> found(Event... more) {
    List<Event> history = new ArrayList<>(List.of(ISSUED));
    history.addAll(List.of(more));
    List<Checker.Violation> violations = Checker.judge(history, BOUND).violations();
    assertThat(violations).hasSizeLessThan(2);
    return violations.stream().map(Checker.Violation::fault).findFirst();
  }

  @Test
  void aRevokedSessionIsLetInByNoNodeAfterTheBound() {
    assertThat(found(REVOKED, validated(1111, 1, 200))).contains(REVOKED_AND_LET_IN);
    assertThat(found(REVOKED, validated(1111, 0, 200))).contains(REVOKED_AND_LET_IN);
    assertThat(found(REVOKED, validated(1111, 1, 401))).isEmpty();
    assertThat(found(REVOKED, validated(1110, 1, 200))).isEmpty();
  }

  @Test
  void aRevokedSessionIsNeverLetInByTheNodeThatAcknowledgedIt() {
    assertThat(found(REVOKED, validated(1011, 0, 200))).contains(REVOKED_HERE_AND_LET_IN);
    assertThat(found(REVOKED, validated(1011, 1, 200))).isEmpty();
    assertThat(found(REVOKED, validated(1010, 0, 200))).isEmpty();
    assertThat(found(REVOKED, validated(1011, 0, 401))).isEmpty();
  }

  @Test
  void theFirstAcknowledgementCounts() {
    Event again = new Event(REVOKE, 2000, 2010, 0, 7, 204);
    assertThat(found(REVOKED, again, validated(1500, 1, 200))).contains(REVOKED_AND_LET_IN);
  }

  @Test
  void whatWasNotAcknowledgedMayGoEitherWay() {
    for (int status : new int[] {503, 404}) {
      assertThat(found(revoked(status), validated(5000, 0, 200))).isEmpty();
      assertThat(found(revoked(status), validated(5000, 0, 401))).isEmpty();
    }
  }

  @Test
  void aLiveSessionIsNeverDenied() {
    Event outage = Event.outage(400, 600, Event.ALL);
    assertThat(found(validated(500, 0, 401))).contains(LIVE_AND_DENIED);
    assertThat(found(outage, validated(500, 0, 401))).contains(LIVE_AND_DENIED);
    assertThat(found(REVOKED, validated(500, 0, 401))).contains(LIVE_AND_DENIED);
    assertThat(found(REVOKED, validated(999, 0, 401))).isEmpty();
    assertThat(found(validated(500, 0, 200))).isEmpty();
  }

  @Test
  void aSessionThatTheStoreLostMayBeDenied() {
    assertThat(found(Event.emptied(300, 310), validated(500, 0, 401))).isEmpty();
    assertThat(found(Event.emptied(600, 610), validated(500, 0, 401))).contains(LIVE_AND_DENIED);
    assertThat(found(Event.emptied(0, 1), validated(500, 0, 401))).contains(LIVE_AND_DENIED);
    assertThat(found(REVOKED, Event.emptied(2000, 2010), validated(3000, 1, 200)))
        .contains(REVOKED_AND_LET_IN);
  }

  @Test
  void noNodeIsAwayWithoutAnOutageOfItsOwn() {
    assertThat(found(validated(500, 0, 503))).contains(REFUSED_WITHOUT_OUTAGE);
    assertThat(found(Event.outage(400, 499, Event.ALL), validated(500, 0, 503)))
        .contains(REFUSED_WITHOUT_OUTAGE);
    assertThat(found(Event.outage(400, 600, 1), validated(500, 0, 503)))
        .contains(REFUSED_WITHOUT_OUTAGE);
    assertThat(found(Event.outage(400, 600, 0), validated(500, 0, 503))).isEmpty();
    assertThat(found(Event.outage(400, 600, Event.ALL), validated(500, 0, 503))).isEmpty();
    assertThat(found(REVOKED, validated(1500, 0, 503))).isEmpty();
  }

  @Test
  void everyRequestToANodeThatRunsIsAnswered() {
    Event outage = Event.outage(400, 600, Event.ALL);
    assertThat(found(outage, validated(500, 0, 0))).contains(NOT_ANSWERED);
    assertThat(found(outage, revoked(0))).contains(NOT_ANSWERED);
    assertThat(found(Event.down(400, 600, 0), validated(500, 0, 0))).isEmpty();
    assertThat(found(Event.down(400, 600, 1), validated(500, 0, 0))).contains(NOT_ANSWERED);
  }

  @Test
  void anOutageHasNoOtherStatus() {
    Event outage = Event.outage(400, 1600, Event.ALL);
    for (int status : new int[] {204, 302, 403, 404, 429, 500, 502}) {
      assertThat(found(outage, validated(500, 0, status))).contains(STRANGE);
    }
    assertThat(found(outage, revoked(500))).contains(STRANGE);
    assertThat(found(outage, revoked(401))).contains(STRANGE);
  }

  @Test
  void countsWhatItProved(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("history.tsv");
    try (History history = new History(file)) {
      List.of(
              ISSUED,
              REVOKED,
              validated(500, 1, 200),
              validated(1200, 1, 401),
              validated(1300, 0, 503),
              Event.outage(1190, 1250, Event.ALL))
          .forEach(history::add);
    }
    Checker.Verdict verdict = Checker.judge(History.read(file), BOUND);
    assertThat(verdict).isEqualTo(new Checker.Verdict(3, 1, 2, 1, 4, 1, List.of()));
  }
}
