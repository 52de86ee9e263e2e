package org.symbolon.nearcache;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.Session;
import org.symbolon.session.SubjectKey;

/** What is known of 256 consecutive buckets: ended sessions, and subjects whose sessions are. */
final class KnownLane {
  /** A subject's mark takes as much as so many ended sessions. */
  private static final int OF_MARK = 6;

  private final Tombstones tombstones;
  private final Map<SubjectKey, Revoked.Mark> marks = new HashMap<>();

  /** How far clocks may be apart before a revocation is forgotten too early. */
  static final Duration SLACK = Duration.ofHours(1);

  /** Of buckets about which more was known than there is room for, by their lower byte. */
  private final Map<Byte, Covered> condensed = new HashMap<>();

  private final int limit;

  private record Covered(Instant notBefore, Instant until) {}

  /** What a new revocation changed. */
  enum Change {
    NOTHING,
    /** More of what is remembered may be over. */
    MARKED,
    /** Something had to be forgotten, and all in its bucket counts as over. */
    CONDENSED
  }

  /**
   * @param limit how many ended sessions at most
   */
  KnownLane(int lane, int limit) {
    this.tombstones = new Tombstones(lane);
    this.limit = limit;
  }

  synchronized int size() {
    return tombstones.size() + marks.size() * OF_MARK;
  }

  synchronized Optional<RevocationReason> reason(Session session, Supplier<SubjectKey> subject) {
    Optional<RevocationReason> ended = tombstones.find(session.handle());
    if (ended.isPresent()) {
      return ended;
    }
    Revoked.@Nullable Mark mark = marks.isEmpty() ? null : marks.get(subject.get());
    if (mark != null && Overlay.covers(mark, session)) {
      return Optional.of(mark.reason());
    }
    @Nullable Covered covered =
        condensed.isEmpty() ? null : condensed.get((byte) session.handle().bucket());
    return covered != null && !session.issuedAt().isAfter(covered.notBefore())
        ? Optional.of(RevocationReason.ADMIN)
        : Optional.empty();
  }

  synchronized Change learn(Revoked.Tombstone tombstone, Instant now) {
    Change made = makeRoom(1, now);
    tombstones.put(tombstone);
    return made;
  }

  synchronized Change learn(SubjectKey subject, Revoked.Mark mark, Instant now) {
    Revoked.@Nullable Mark before = marks.get(subject);
    Revoked.Mark after = before == null ? mark : Marks.merge(before, mark);
    if (after.equals(before)) {
      return Change.NOTHING;
    }
    Change made = before == null ? makeRoom(OF_MARK, now) : Change.NOTHING;
    marks.put(subject, after);
    return made == Change.CONDENSED ? made : Change.MARKED;
  }

  private Change makeRoom(int more, Instant now) {
    if (size() + more <= limit) {
      return Change.NOTHING;
    }
    Instant outlived = now.minus(SLACK);
    tombstones.prune(outlived);
    marks.values().removeIf(mark -> mark.until().isBefore(outlived));
    condensed.values().removeIf(covered -> covered.until().isBefore(outlived));
    // Room for a while, as looking for what is outlived takes long.
    if (size() + more <= limit - limit / 8) {
      return Change.NOTHING;
    }
    while (size() + more > limit - limit / 8 && size() > 0) {
      condense(now);
    }
    return Change.CONDENSED;
  }

  private void condense(Instant now) {
    byte low =
        tombstones.size() > 0
            ? tombstones.fullest()
            : (byte) marks.keySet().iterator().next().bucket();
    Covered covered = new Covered(now, tombstones.forget(low));
    for (Map.Entry<SubjectKey, Revoked.Mark> mark : marks.entrySet()) {
      if ((byte) mark.getKey().bucket() == low) {
        covered = later(covered, new Covered(mark.getValue().notBefore(), mark.getValue().until()));
      }
    }
    marks.keySet().removeIf(subject -> (byte) subject.bucket() == low);
    condensed.merge(low, covered, KnownLane::later);
  }

  private static Covered later(Covered one, Covered other) {
    return new Covered(
        one.notBefore().isAfter(other.notBefore()) ? one.notBefore() : other.notBefore(),
        one.until().isAfter(other.until()) ? one.until() : other.until());
  }

  synchronized List<Revoked> all() {
    List<Revoked> all = new ArrayList<>(tombstones.all());
    all.addAll(marks.values());
    return all;
  }
}
