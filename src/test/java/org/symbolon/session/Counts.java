package org.symbolon.session;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what becomes of IDs, and nothing else. */
public final class Counts implements Indicators {
  public final Map<RotationOutcome, Integer> rotations = new EnumMap<>(RotationOutcome.class);
  public final Map<String, Integer> suspicions = new ConcurrentHashMap<>();

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
  public void validated(String result, String gateway, Duration took) {}

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
  public void store(String operation, String outcome, Duration took) {}

  @Override
  public void forwardedIgnored() {}
}
