package org.symbolon.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.symbolon.session.Handle;
import org.symbolon.session.Locator;
import org.symbolon.session.Presented;
import org.symbolon.session.SecretText;
import org.symbolon.session.Seed;
import org.symbolon.session.SessionId;
import org.symbolon.session.SessionIds;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;

/** IDs without secrets worth the name: 36 characters, known to whoever made them. */
public final class PlainIds implements SessionIds {
  private final AtomicLong next = new AtomicLong(1);
  private final Map<String, SessionId> made = new ConcurrentHashMap<>();

  @Override
  public SubjectKey subjectKey(Tenant tenant, Subject subject) {
    int hash = (tenant + "/" + subject).hashCode();
    return new SubjectKey(hash & 0xffff, hash);
  }

  @Override
  public Locator newLocator(SubjectKey subject) {
    return new Locator(subject.bucket(), next.getAndIncrement());
  }

  @Override
  public Handle handle(Locator locator) {
    return new Handle(locator.bucket(), locator.random() * 0x9e3779b97f4a7c15L);
  }

  @Override
  public Optional<Locator> locator(Handle handle) {
    // 0xf1de83e19937733d is the odd factor's inverse modulo 2^64.
    long random = handle.name() * 0xf1de83e19937733dL;
    return random >>> 48 == 0
        ? Optional.of(new Locator(handle.bucket(), random))
        : Optional.empty();
  }

  @Override
  public int signingKey() {
    return 1;
  }

  @Override
  public SecretText encode(int key, Locator locator, int generation, Seed seed) {
    byte[] bytes =
        ByteBuffer.allocate(27)
            .put((byte) (0x10 | key))
            .putShort((short) locator.bucket())
            .putInt((int) locator.random())
            .putShort((short) generation)
            .put(secret(seed))
            .array();
    String text = Base64.getUrlEncoder().encodeToString(bytes);
    made.put(text, new SessionId(key, locator, generation, secret(seed)));
    return new SecretText(text);
  }

  @Override
  public Presented parse(String text) {
    SessionId id = made.get(text);
    return id == null ? new Presented.Malformed() : new Presented.Genuine(id);
  }

  @Override
  public boolean verify(SessionId presented, Seed seed) {
    return presented.secretEquals(secret(seed));
  }

  @Override
  public int signalHash(String signal) {
    return signal.hashCode();
  }

  private static byte[] secret(Seed seed) {
    return Arrays.copyOf(seed.reveal(), SessionId.SECRET_LENGTH);
  }
}
