package org.symbolon.redis;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Counts;
import org.symbolon.session.Device;
import org.symbolon.session.Handle;
import org.symbolon.session.Indicators;
import org.symbolon.session.Seed;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;
import org.symbolon.session.Timeouts;

/** Sessions as the tests need them. */
final class Samples {
  static final Timeouts TIMEOUTS = new Timeouts(Duration.ofHours(1), Duration.ofHours(24));

  /** Nobody asks what they count. */
  static final Indicators NO_INDICATORS = new Counts();

  private Samples() {}

  static SubjectKey subject(RandomGenerator random) {
    return new SubjectKey(random.nextInt(1 << 16), random.nextLong());
  }

  static Handle handle(SubjectKey subject, RandomGenerator random) {
    return new Handle(subject.bucket(), random.nextLong());
  }

  /** A draft of the size that the memory budget speaks of. */
  static SessionStore.Draft draft(SubjectKey subject, RandomGenerator random) {
    return draft(subject, handle(subject, random), TIMEOUTS, Optional.empty());
  }

  static SessionStore.Draft draft(
      SubjectKey subject, Handle handle, Timeouts timeouts, Optional<Handle> replaces) {
    return new SessionStore.Draft(
        subject,
        handle,
        3,
        Seed.random(new SecureRandom()),
        Tenant.DEFAULT,
        new Subject("a-subject-of-24-letters."),
        new Authentication(
            Instant.parse("2026-11-20T10:11:12Z"), "urn:example:loa:high", List.of("pwd", "otp")),
        ClientClass.BROWSER,
        new Device(Device.Browser.FIREFOX, Device.Platform.LINUX, 0x12345678, -2),
        Attributes.NONE,
        timeouts,
        replaces,
        Optional.empty());
  }
}
