package org.symbolon.nearcache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.symbolon.session.Condition;
import org.symbolon.session.Decision;
import org.symbolon.session.Evidence;
import org.symbolon.session.KnownAnswers;
import org.symbolon.session.Likeness;
import org.symbolon.session.QuickProof;
import org.symbolon.session.Reason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionId;

/**
 * A session that the store told of, and the digest of the ID that was verified. The ID itself is
 * not kept. Fixed but for four marks, each of which may be seen late without harm.
 */
final class Entry<A> implements KnownAnswers.Known<A> {
  private static final VarHandle TOUCH_DUE;

  static {
    try {
      TOUCH_DUE = MethodHandles.lookup().findVarHandle(Entry.class, "touchDue", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final long locator;
  final long version;

  /** By the store's clock, in ms, as all that follow. */
  final long deadline;

  private final long rotationDue;
  private final InstantSource storeClock;
  private final Decision.Allow decision;
  private final A answer;
  private final Likeness likeness;
  private final QuickProof proof;
  private final long digestHead;
  private final long digestTail;

  /** The known revocations by which the session was last found good; -1 before it first was. */
  long revocations = -1;

  private boolean isUsed;
  private boolean isRotationDue;
  private volatile long touchDue;

  /**
   * @param id whose secret was verified
   * @param likeness for whom it was found good
   * @param proof what each request has to give
   */
  Entry(
      SessionId id,
      IdDigest digest,
      Decision.Allow decision,
      A answer,
      Likeness likeness,
      QuickProof proof,
      long rotationDue,
      long version,
      InstantSource storeClock) {
    Session session = decision.session();
    this.locator = id.locator().bits();
    this.version = version;
    this.deadline = session.deadline().toEpochMilli();
    this.rotationDue = rotationDue;
    this.storeClock = storeClock;
    this.decision = decision;
    this.answer = answer;
    this.likeness = likeness;
    this.proof = proof;
    this.digestHead = digest.head(id);
    this.digestTail = digest.tail(id);
    this.touchDue = session.lastSeenAt().toEpochMilli() + tenth();
  }

  Session session() {
    return decision.session();
  }

  @Override
  public Decision decision() {
    return decision;
  }

  @Override
  public A answer() {
    return answer;
  }

  @Override
  public Likeness likeness() {
    return likeness;
  }

  @Override
  public Optional<Reason> objection(Condition condition) {
    return condition.objection(session(), storeClock.instant());
  }

  @Override
  public boolean isRotationDue() {
    return isRotationDue;
  }

  /** Whether a request proves what the session is bound to. */
  boolean isProved(List<String> cookieFields, Supplier<Evidence> evidence, long now) {
    return proof.isGiven(cookieFields, evidence, now);
  }

  /** Whether an ID, given by its parts, is the one that was verified. */
  boolean isOf(IdDigest digest, int key, int generation, long secretHead, int secretTail) {
    return digest.isKept(digestHead, digestTail, key, generation, secretHead, secretTail);
  }

  /** True for one caller where a use is worth a write; again half as long later, if it got lost. */
  boolean claimsTouch(long now) {
    long due = touchDue;
    return now >= due && TOUCH_DUE.compareAndSet(this, due, now + tenth() / 2);
  }

  /** Whether it answered since {@link #rest}. */
  boolean isUsed() {
    return isUsed;
  }

  void use(long now) {
    if (!isUsed) {
      isUsed = true;
    }
    if (now >= rotationDue) {
      isRotationDue = true;
    }
  }

  void rest() {
    isUsed = false;
  }

  private long tenth() {
    return session().idle().toMillis() / 10;
  }
}
