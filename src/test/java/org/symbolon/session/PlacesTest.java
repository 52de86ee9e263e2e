package org.symbolon.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two places by turns, and many networks, as the rules have them. */
class PlacesTest {
  private static final Places.Bounds BOUNDS =
      new Places.Bounds(Duration.ofHours(1), 3, Duration.ofMinutes(10));

  private static final int HOME = 11;
  private static final int ABROAD = -22;
  private static final int ELSEWHERE = 33;

  private Places places = Places.NONE;

  private boolean travels(int place, long second) {
    places = places.usedFrom(place, second, BOUNDS);
    return places.suspicions().contains(Signal.TRAVEL);
  }

  private boolean fansOut(int network, long second) {
    places = places.usedOver(network, second, BOUNDS);
    return places.suspicions().contains(Signal.FAN_OUT);
  }

  @Test
  void goingSomewhereIsNoSuspicionHoweverFast() {
    assertThat(travels(HOME, 0)).isFalse();
    assertThat(travels(ABROAD, 1)).isFalse();
    assertThat(travels(ELSEWHERE, 2)).isFalse();
    assertThat(places).isEqualTo(new Places(Set.of(), ELSEWHERE, ABROAD, 2, List.of()));
  }

  @Test
  void beingBackTooSoonIsOneAndStays() {
    travels(HOME, 0);
    travels(ABROAD, 10_000);
    assertThat(travels(HOME, 13_599)).isTrue();
    assertThat(travels(HOME, 100_000)).isTrue();
    assertThat(places).isEqualTo(new Places(Set.of(Signal.TRAVEL), 0, 0, 0, List.of()));
  }

  @Test
  void beingBackInTimeIsNone() {
    travels(HOME, 0);
    travels(ABROAD, 10_000);
    assertThat(travels(HOME, 13_600)).isFalse();
    assertThat(travels(ABROAD, 17_200)).isFalse();
    assertThat(travels(HOME, 17_201)).isTrue();
  }

  @Test
  void stayingChangesNothingAndAnUnknownPlaceIsNone() {
    travels(HOME, 0);
    Places before = places;
    assertThat(places.usedFrom(HOME, 50, BOUNDS)).isSameAs(before);
    assertThat(places.usedFrom(0, 50, BOUNDS)).isSameAs(before);
  }

  @Test
  void oneNetworkTooManyWithinTheWindowIsASuspicion() {
    assertThat(fansOut(1, 0)).isFalse();
    assertThat(fansOut(2, 1)).isFalse();
    assertThat(fansOut(3, 2)).isFalse();
    assertThat(fansOut(2, 3)).isFalse();
    assertThat(fansOut(4, 599)).isTrue();
    assertThat(places).isEqualTo(new Places(Set.of(Signal.FAN_OUT), 0, 0, 0, List.of()));
  }

  @Test
  void networksThatWereLeftDoNotCount() {
    fansOut(1, 0);
    fansOut(2, 1);
    fansOut(3, 2);
    assertThat(fansOut(4, 600)).isFalse();
    assertThat(places.networks()).extracting(Places.Seen::network).containsExactly(2, 3, 4);
    assertThat(fansOut(5, 600)).isTrue();
  }

  @Test
  void aNetworkThatIsUsedOnIsTakenNoteOfOnceAQuarterOfTheWindow() {
    fansOut(1, 0);
    Places before = places;
    assertThat(places.usedOver(1, 149, BOUNDS)).isSameAs(before);
    assertThat(fansOut(1, 150)).isFalse();
    assertThat(places.networks()).containsExactly(new Places.Seen(1, 150));
    assertThat(places.differsFrom(before)).isFalse();
    assertThat(places.usedOver(2, 151, BOUNDS).differsFrom(places)).isTrue();
  }

  @Test
  void whatIsOffIsForgotten() {
    travels(HOME, 0);
    travels(ABROAD, 1);
    fansOut(7, 2);
    assertThat(places.only(true, true)).isSameAs(places);
    assertThat(places.only(false, true))
        .isEqualTo(new Places(Set.of(), 0, 0, 0, List.of(new Places.Seen(7, 2))));
    assertThat(places.only(true, false))
        .isEqualTo(new Places(Set.of(), ABROAD, HOME, 1, List.of()));
    travels(HOME, 3);
    assertThat(places.only(false, false)).isEqualTo(Places.NONE);
  }

  @Test
  void boundsAreHeld() {
    for (Duration bad : List.of(Duration.ofSeconds(59), Duration.ofHours(25))) {
      assertThatThrownBy(() -> new Places.Bounds(bad, 5, Duration.ofMinutes(1)))
          .hasMessageStartingWith("back: ");
      assertThatThrownBy(() -> new Places.Bounds(Duration.ofHours(1), 5, bad))
          .hasMessageStartingWith("window: ");
    }
    for (int bad : new int[] {1, 21}) {
      assertThatThrownBy(() -> new Places.Bounds(Duration.ofHours(1), bad, Duration.ofMinutes(1)))
          .hasMessageStartingWith("networks: ");
    }
  }
}
