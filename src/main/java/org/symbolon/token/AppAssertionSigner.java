package org.symbolon.token;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.supplyAsync;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.symbolon.events.EventSigner;
import org.symbolon.session.AppAssertions;
import org.symbolon.session.Handle;
import org.symbolon.session.Session;

/**
 * Assertions signed with ES256 under keys derived from the ring's: a key that is published there is
 * published here, the one that signs there signs here, and a retired one is gone. Those of one
 * session, authentication and audience are kept and given out again; signing is left to an
 * executor.
 */
public final class AppAssertionSigner implements AppAssertions, EventSigner {
  /** How long an assertion is believed, in seconds. */
  static final long LIFE = 60;

  /** From this age on, in ms, the next is signed while this one is still given out. */
  static final long RENEWAL = 30_000;

  /** From this age on, in ms, one is not given out: it has to last for its way. */
  static final long END = 45_000;

  private final Supplier<KeyRing> ring;
  private final String issuer;
  private final int capacity;
  private final Executor executor;
  private final InstantSource clock;
  private final Map<Key, Kept> kept = new ConcurrentHashMap<>();
  private final AtomicLong swept;
  private volatile @Nullable Signing signing;

  private record Key(Handle handle, String audience) {}

  /** What is signed with, of one state of the ring. */
  private record Signing(KeyRing ring, ECKey key, JWSSigner signer, String jwks) {}

  /** An assertion, there or under way. */
  private record Kept(
      Session about,
      String kid,
      long signedAt,
      CompletableFuture<String> text,
      AtomicBoolean isRenewed) {
    long age(long now) {
      return now - signedAt;
    }

    /** Whether it says of the session what holds now; a step-up changes that. */
    boolean isOf(Session session, Signing with) {
      return about.authentication().equals(session.authentication())
          && about.subject().equals(session.subject())
          && about.tenant().equals(session.tenant())
          && kid.equals(with.key().getKeyID());
    }
  }

  /**
   * @param ring the ring of the moment, asked on every call
   * @param issuer the {@code iss}
   * @param capacity how many assertions are kept; beyond it each is signed anew
   * @param executor signs
   */
  public AppAssertionSigner(
      Supplier<KeyRing> ring, String issuer, int capacity, Executor executor, InstantSource clock) {
    this.ring = ring;
    this.issuer = issuer;
    this.capacity = capacity;
    this.executor = executor;
    this.clock = clock;
    this.swept = new AtomicLong(clock.millis());
  }

  @Override
  public CompletableFuture<String> of(Session session, String audience) {
    Signing with = signing;
    return with != null && with.ring() == ring.get()
        ? of(with, session, audience)
        : supplyAsync(this::signing, executor).thenCompose(now -> of(now, session, audience));
  }

  @Override
  public CompletableFuture<String> jwks() {
    return supplyAsync(this::signing, executor).thenApply(Signing::jwks);
  }

  private CompletableFuture<String> of(Signing with, Session session, String audience) {
    Key key = new Key(session.handle(), audience);
    long now = clock.millis();
    Kept last = kept.get(key);
    if (last == null || !last.isOf(session, with) || last.age(now) >= END) {
      return begin(key, with, session, now);
    }
    boolean isDue = last.age(now) >= RENEWAL && last.text().isDone();
    if (isDue && last.isRenewed().compareAndSet(false, true)) {
      var _ =
          sign(key, with, session, now)
              .thenAccept(text -> kept.put(key, kept(with, session, now, completedFuture(text))));
    }
    return last.text();
  }

  /** Signs, and lets those who come meanwhile wait for the same. */
  private CompletableFuture<String> begin(Key key, Signing with, Session session, long now) {
    CompletableFuture<String> text = sign(key, with, session, now);
    if (kept.size() < capacity || kept.containsKey(key)) {
      kept.put(key, kept(with, session, now, text));
    }
    return text;
  }

  private static Kept kept(
      Signing with, Session session, long now, CompletableFuture<String> text) {
    return new Kept(session, with.key().getKeyID(), now, text, new AtomicBoolean());
  }

  private CompletableFuture<String> sign(Key key, Signing with, Session session, long now) {
    return supplyAsync(
            () -> {
              sweep(now);
              return signed(with, session, key.audience(), now);
            },
            executor)
        .whenComplete(
            (_, fault) -> {
              if (fault != null) {
                kept.remove(key);
              }
            });
  }

  private String signed(Signing with, Session session, String audience, long now) {
    long second = now / 1000;
    long end = session.absoluteDeadline().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("aud", audience);
    claims.put("sub", session.subject().value());
    claims.put("iat", second);
    claims.put("exp", Math.min(second + LIFE, end));
    claims.put("sid", session.handle().toString());
    claims.put("tenant", session.tenant().value());
    claims.put("auth_time", session.authentication().time().getEpochSecond());
    claims.put("acr", session.authentication().acr());
    claims.put("amr", session.authentication().amr());
    return signed(with, JOSEObjectType.JWT, claims);
  }

  @Override
  public String sign(String type, Map<String, Object> claims) {
    return signed(signing(), new JOSEObjectType(type), claims);
  }

  private static String signed(Signing with, JOSEObjectType type, Map<String, Object> claims) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256).type(type).keyID(with.key().getKeyID()).build();
    JWSObject signed = new JWSObject(header, new Payload(claims));
    try {
      signed.sign(with.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("a P-256 key signs ES256", e);
    }
    return signed.serialize();
  }

  /** Drops what nobody asked for again. */
  private void sweep(long now) {
    long last = swept.get();
    if (now - last >= END && swept.compareAndSet(last, now)) {
      kept.values().removeIf(old -> old.age(now) >= END);
    }
  }

  /** What is signed with now; costs some curve arithmetic where the ring has changed. */
  private synchronized Signing signing() {
    KeyRing now = ring.get();
    Signing last = signing;
    if (last != null && last.ring() == now) {
      return last;
    }
    Map<Integer, ECKey> keys = new TreeMap<>();
    now.accepted().forEach(key -> keys.put(key.id(), DerivedKey.of(key.assertion())));
    ECKey signs = Objects.requireNonNull(keys.get(now.signingKey()), "a ring has a key that signs");
    List<JWK> open = keys.values().stream().<JWK>map(ECKey::toPublicJWK).toList();
    try {
      Signing made = new Signing(now, signs, new ECDSASigner(signs), new JWKSet(open).toString());
      signing = made;
      return made;
    } catch (JOSEException e) {
      throw new IllegalStateException("a P-256 key signs ES256", e);
    }
  }
}
