package org.symbolon.session;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of IDs, and how often the store failed. */
public final class Counts implements Indicators {
  public final List<String> unproved = new CopyOnWriteArrayList<>();
  public final Map<RotationOutcome, Integer> rotations = new EnumMap<>(RotationOutcome.class);
  public final Map<String, Integer> suspicions = new ConcurrentHashMap<>();
  public final LongAdder outages = new LongAdder();

  @Override
  public synchronized void rotated(RotationOutcome outcome, String gateway) {
    rotations.merge(outcome, 1, Integer::sum);
  }

  public synchronized int of(RotationOutcome outcome) {
    return rotations.getOrDefault(outcome, 0);
  }

  @Override
  public void replaySuspected(String signal) {
    suspicions.merge(signal, 1, Integer::sum);
  }

  @Override
  public void validated(String result, String gateway, long asked, long answered) {}

  @Override
  public void login(String result) {}

  @Override
  public void logout(String scope) {}

  @Override
  public void setCookie(boolean secure, boolean httpOnly, String sameSite) {}

  @Override
  public void cookieOverPlaintext(String hop) {}

  @Override
  public void cookieHeaderBytes(int bytes) {}

  @Override
  public void store(String operation, String outcome, Duration took) {
    if (!outcome.equals("ok")) {
      outages.increment();
    }
  }

  @Override
  public void renewed(String by) {}

  @Override
  public void unproved(String binding, String reason, String reaction) {
    unproved.add(binding + " " + reason + " " + reaction);
  }

  @Override
  public void forwardedIgnored() {}
}
