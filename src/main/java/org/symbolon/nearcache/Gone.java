package org.symbolon.nearcache;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Handle;
import org.symbolon.session.SessionStore.Finding;

/**
 * Sessions that were found ended or absent a moment ago: a client that does not stop asking costs
 * the store one call in two seconds.
 *
 * <p>A fixed number of places, one for each handle, the last one stays: a flood drives out nothing
 * but its like, and never a session that is good. What begins or changes under a handle raises its
 * bucket's version, after which it is asked for again.
 */
final class Gone {
  private static final int PLACES = 1 << 12;
  private static final long NANOS = 2_000_000_000L;

  private record Note(Handle handle, Finding finding, long version, long until) {}

  private final AtomicReferenceArray<@Nullable Note> places = new AtomicReferenceArray<>(PLACES);
  private final LongSupplier nanos;

  Gone(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Nullable Finding find(Handle handle, long version) {
    Note note = places.getAcquire(place(handle));
    return note != null
            && note.handle.equals(handle)
            && note.version == version
            && nanos.getAsLong() - note.until < 0
        ? note.finding
        : null;
  }

  /**
   * @param version of the bucket, from before the store was asked
   */
  void remember(Handle handle, Finding finding, long version) {
    places.setRelease(place(handle), new Note(handle, finding, version, nanos.getAsLong() + NANOS));
  }

  private static int place(Handle handle) {
    return (int) ((handle.name() * 0x9e3779b97f4a7c15L) >>> 52);
  }
}
