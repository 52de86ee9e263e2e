package org.symbolon.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.symbolon.campaign.SessionScan;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Locator;
import org.symbolon.session.SecretText;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Tenant;
import org.symbolon.token.KeyRing;
import org.symbolon.token.SessionIdCodec;

/** Very many sessions with real IDs, put into a store by its own code, many at once. */
public final class Multitude implements AutoCloseable {
  private static final int AT_ONCE = 2_000;
  private static final SubjectLimit MANY = new SubjectLimit(1000, SubjectLimit.WhenReached.REJECT);

  private final SecureRandom random = new SecureRandom();
  private final OpenStore open;
  private final SessionIdCodec ids;

  /**
   * @param ring the file of the nodes' key ring
   */
  public Multitude(RedisServers servers, Path ring) throws IOException {
    open = new OpenStore(servers);
    KeyRing read =
        switch (KeyRing.parse(new SecretText(Files.readString(ring)))) {
          case KeyRing.Read(KeyRing whole) -> whole;
          case KeyRing.Faulty fault -> throw new AssertionError(fault.toString());
        };
    ids = new SessionIdCodec(() -> read, random);
  }

  /**
   * Puts sessions into the store, three for each subject.
   *
   * @param kept of how many the IDs are given, those of the first
   */
  public List<String> add(String tenant, int count, int kept) {
    List<String> texts = new ArrayList<>();
    Semaphore room = new Semaphore(AT_ONCE);
    AtomicInteger failures = new AtomicInteger();
    Tenant of = new Tenant(tenant);
    for (int i = 0; i < count; i++) {
      Subject subject = new Subject("subject-" + i / 3);
      SubjectKey key = ids.subjectKey(of, subject);
      Locator locator = ids.newLocator(key);
      Seed seed = Seed.random(random);
      if (texts.size() < kept) {
        texts.add(ids.encode(ids.signingKey(), locator, 0, seed).reveal());
      }
      room.acquireUninterruptibly();
      open.store
          .create(draft(key, locator, seed, of, subject), MANY)
          .whenComplete(
              (creation, failure) -> {
                if (failure != null || !(creation instanceof SessionStore.Created)) {
                  failures.incrementAndGet();
                }
                room.release();
              });
    }
    room.acquireUninterruptibly(AT_ONCE);
    if (failures.get() > 0) {
      throw new AssertionError(failures + " sessions could not be put into the store");
    }
    return texts;
  }

  private SessionStore.Draft draft(
      SubjectKey key, Locator locator, Seed seed, Tenant tenant, Subject subject) {
    return new SessionStore.Draft(
        key,
        ids.handle(locator),
        ids.signingKey(),
        seed,
        tenant,
        subject,
        new Authentication(Instant.now().minus(Duration.ofMinutes(1)), "aal2", List.of("pwd")),
        ClientClass.BROWSER,
        new Device(Device.Browser.CHROME, Device.Platform.WINDOWS, 1, 2),
        Attributes.NONE,
        Samples.TIMEOUTS,
        Optional.empty(),
        Optional.empty());
  }

  /** How many sessions of a tenant the store has, that began up to an instant. */
  public long count(String tenant, Instant upTo) throws IOException {
    RedisSessionScan scan = new RedisSessionScan(open.link, open.clock);
    long count = 0;
    String position = "";
    do {
      SessionScan.Batch batch = scan.next(position, 1000);
      position = batch.position();
      for (Session session : batch.sessions()) {
        boolean isMeant =
            session.tenant().value().equals(tenant) && !session.issuedAt().isAfter(upTo);
        count += isMeant ? 1 : 0;
      }
    } while (!position.isEmpty());
    return count;
  }

  @Override
  public void close() {
    open.close();
  }
}
