package org.symbolon.benchmarks;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.symbolon.session.Presented;
import org.symbolon.session.Seed;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.token.KeyRing;
import org.symbolon.token.SessionCookie;
import org.symbolon.token.SessionIdCodec;

/** Finding the session ID in a Cookie field of 1 KB, and judging its check. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CookieBenchmark {
  private static final int FIELD = 1024;

  private final SessionCookie cookie;
  private final List<String> genuine;
  private final List<String> junk;
  private final List<String> junkAlone;

  public CookieBenchmark() {
    SecureRandom random = new SecureRandom();
    KeyRing ring = KeyRing.generate(random);
    SessionIdCodec ids = new SessionIdCodec(() -> ring, random);
    cookie = new SessionCookie("__Host-sid", ids);
    var subject = ids.subjectKey(Tenant.DEFAULT, new Subject("alice"));
    String id = ids.encode(0, ids.newLocator(subject), 0, Seed.random(random)).reveal();
    genuine = field(id);
    junk = field(spoilt(id));
    junkAlone = alone(spoilt(id));
  }

  /** The same but for its last character: all that is wrong is the check. */
  static String spoilt(String id) {
    return id.substring(0, 35) + (id.charAt(35) == 'A' ? "B" : "A");
  }

  static List<String> alone(String id) {
    return List.of("__Host-sid=" + id);
  }

  /** Other cookies before and after ours, as browsers send them. */
  static List<String> field(String id) {
    return field(id, "");
  }

  /**
   * The same with one more pair.
   *
   * @param pair with what parts it from the next, if any
   */
  static List<String> field(String id, String pair) {
    String ours = "; " + pair + "__Host-sid=" + id + "; ";
    int others = FIELD - ours.length();
    return List.of(cookies("a", others / 2) + ours + cookies("b", others - others / 2));
  }

  private static String cookies(String prefix, int length) {
    StringBuilder cookies = new StringBuilder();
    for (int i = 0; cookies.length() < length; i++) {
      cookies.append(i == 0 ? "" : "; ").append(prefix).append(i).append("=0123456789abcdefghijkl");
    }
    return cookies.substring(0, length);
  }

  /** A run that measures refusals of what should be accepted would look fast. */
  @Setup
  public void check() {
    if (!(genuine() instanceof Presented.Genuine)
        || !(junk() instanceof Presented.Malformed)
        || !(junkAlone() instanceof Presented.Malformed)) {
      throw new IllegalStateException("the fixture is wrong");
    }
  }

  @Benchmark
  public Presented genuine() {
    return cookie.read(genuine);
  }

  @Benchmark
  public Presented junk() {
    return cookie.read(junk);
  }

  /** What a flood of invented IDs brings: no other cookies. */
  @Benchmark
  public Presented junkAlone() {
    return cookie.read(junkAlone);
  }
}
