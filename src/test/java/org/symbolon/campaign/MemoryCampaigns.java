package org.symbolon.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Campaigns in memory, with a clock that goes when it is told to. */
public final class MemoryCampaigns implements CampaignStore {
  final Map<String, Campaign> all = new TreeMap<>();
  private final Map<String, String> proposals = new TreeMap<>();
  Instant now = People.NOON;

  @Override
  public synchronized Optional<Campaign> find(String id) {
    return Optional.ofNullable(all.get(id));
  }

  @Override
  public List<Campaign> list(int most) {
    return new ArrayList<>(all.values());
  }

  @Override
  public Optional<String> proposed(String selection) {
    return Optional.ofNullable(proposals.get(selection));
  }

  @Override
  public void propose(String selection, String id) {
    proposals.put(selection, id);
  }

  @Override
  public List<String> unfinished() {
    return all.values().stream().filter(c -> c.state().isWork()).map(Campaign::id).toList();
  }

  @Override
  public synchronized boolean write(Campaign next) {
    long before = find(next.id()).map(Campaign::revision).orElse(0L);
    if (before != next.revision() - 1) {
      return false;
    }
    all.put(next.id(), next);
    return true;
  }

  @Override
  public boolean fence(Campaign next, Duration life) {
    SortedMap<String, String> fields = new TreeMap<>(next.fields());
    fields.put(Campaign.FENCED_AT, Long.toString(now.toEpochMilli()));
    return write(new Campaign(next.id(), next.revision(), fields));
  }

  @Override
  public boolean lift(Campaign next) {
    return write(next);
  }

  @Override
  public Optional<State> work(String id, String node, Optional<String> progress, Duration lease) {
    return find(id).map(Campaign::state);
  }

  @Override
  public Instant now() {
    return now;
  }
}
