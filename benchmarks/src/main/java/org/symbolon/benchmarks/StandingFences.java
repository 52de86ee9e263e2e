package org.symbolon.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.symbolon.campaign.Fence;
import org.symbolon.campaign.FenceStore;

/** Fences of campaigns, each against three people of a tenant, which stand as they are. */
record StandingFences(int count) implements FenceStore {
  @Override
  public long version() {
    return 1;
  }

  @Override
  public List<Fence> all() {
    Instant raised = Instant.now().plus(Duration.ofMinutes(10));
    return IntStream.range(0, count).mapToObj(i -> fence(i, raised)).toList();
  }

  private static Fence fence(int number, Instant raised) {
    String selection =
        "tenant=default\nsubject=a-%1$d\nsubject=b-%1$d\nsubject=c-%1$d\n".formatted(number);
    return new Fence("f" + number, 1, raised, raised.plus(Duration.ofDays(1)), false, selection);
  }

  @Override
  public void restore(Fence fence) {
    throw new IllegalStateException("none is lost");
  }

  @Override
  public void forget(Fence fence) {
    throw new IllegalStateException("none is outlived");
  }
}
