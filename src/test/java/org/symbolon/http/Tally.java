package org.symbolon.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.symbolon.session.Indicators;
import org.symbolon.session.RotationOutcome;

/** Remembers what was counted, as lines. */
public final class Tally implements Indicators {
  public final List<String> lines = new CopyOnWriteArrayList<>();

  /** The threads that counted validates. */
  public final List<String> threads = new CopyOnWriteArrayList<>();

  @Override
  public void validated(String result, String gateway, long asked, long answered) {
    threads.add(Thread.currentThread().getName());
    lines.add("validated " + result + " " + gateway + (answered < asked ? " negative" : ""));
  }

  @Override
  public void login(String result) {
    lines.add("login " + result);
  }

  @Override
  public void logout(String scope) {
    lines.add("logout " + scope);
  }

  @Override
  public void setCookie(boolean secure, boolean httpOnly, String sameSite) {
    lines.add("set-cookie " + secure + " " + httpOnly + " " + sameSite);
  }

  @Override
  public void cookieOverPlaintext(String hop) {
    lines.add("plaintext " + hop);
  }

  @Override
  public void cookieHeaderBytes(int bytes) {
    lines.add("cookie-bytes " + bytes);
  }

  @Override
  public void store(String operation, String outcome, Duration took) {}

  @Override
  public void rotated(RotationOutcome outcome, String gateway) {
    lines.add("rotated " + outcome.code() + " " + gateway);
  }

  @Override
  public void replaySuspected(String signal) {
    lines.add("replay-suspected " + signal);
  }

  @Override
  public void renewed(String by) {
    lines.add("renewed " + by);
  }

  @Override
  public void unproved(String binding, String reason, String reaction) {
    lines.add("unproved " + binding + " " + reason + " " + reaction);
  }

  @Override
  public void forwardedIgnored() {
    lines.add("forwarded-ignored");
  }
}
