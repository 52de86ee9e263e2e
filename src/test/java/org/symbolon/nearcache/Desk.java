package org.symbolon.nearcache;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Counts;
import org.symbolon.session.Decision;
import org.symbolon.session.Device;
import org.symbolon.session.Evidence;
import org.symbolon.session.Handle;
import org.symbolon.session.Issuance;
import org.symbolon.session.IssueSession;
import org.symbolon.session.KnownAnswers;
import org.symbolon.session.Listing;
import org.symbolon.session.Login;
import org.symbolon.session.PlainBindings;
import org.symbolon.session.PlainIds;
import org.symbolon.session.PlainSignals;
import org.symbolon.session.Presented;
import org.symbolon.session.Presenter;
import org.symbolon.session.ReferenceStore;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.RotationReports;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Tenant;
import org.symbolon.session.TieredPolicy;
import org.symbolon.session.ValidateSession;

/** A near cache before a store, with clocks that are set by hand and finds that can be held up. */
final class Desk {
  static final Duration BOUND = Duration.ofSeconds(1);

  final PlainIds ids = new PlainIds();
  final ReferenceStore truth = new ReferenceStore();
  final List<Session> touched = new ArrayList<>();
  final Deque<Runnable> held = new ArrayDeque<>();
  final Overlay overlay = new Overlay(ids, truth::now, 1_000_000, () -> {});
  final List<Revoked> lost = new ArrayList<>();
  long nanos = 1_000_000_000L;
  int finds;
  boolean holds;
  Runnable beforeClock = () -> {};
  final NearCacheSettings settings;
  final NearCache<String> cache;
  final SessionStore store;
  final ValidateSession validate;
  private final IssueSession issue;

  Desk() {
    this(10_000);
  }

  Desk(int entries) {
    settings = new NearCacheSettings(entries, BOUND);
    cache =
        new NearCache<>(
            settings,
            ids,
            fields -> fields.isEmpty() ? new Presented.Missing() : ids.parse(fields.getFirst()),
            Desk::text,
            overlay,
            touched::add,
            _ -> truth.now().toEpochMilli(),
            () -> {
              Runnable before = beforeClock;
              beforeClock = () -> {};
              before.run();
              return nanos;
            });
    store = new SharedStore(new Held(), cache, settings, overlay, lost::add, () -> nanos);
    TieredPolicy policy =
        new TieredPolicy(
            new TieredPolicy.Tier(
                Optional.of(Duration.ofMinutes(10)),
                Optional.of(Duration.ofHours(1)),
                Optional.of(1000),
                Optional.empty()),
            Map.of(),
            Map.of());
    validate =
        new ValidateSession(
            ids,
            store,
            policy,
            new RotationReports(ids, _ -> {}, new Counts(), truth::now, a -> a),
            PlainBindings.of(policy),
            PlainSignals.of(policy, ids),
            cache);
    issue = new IssueSession(ids, truth, policy, _ -> {}, truth::now, new SecureRandom());
  }

  static String text(Decision decision) {
    return switch (decision) {
      case Decision.Allow(Session session, var _, var _) -> "allow " + session.subject();
      case Decision.Deny deny -> "deny " + deny.reason().code();
      case org.symbolon.session.Unavailable _ -> "unavailable";
    };
  }

  /** A new session, unknown to the cache. */
  Issuance.Issued issued(String subject) {
    Issuance issuance =
        now(
            issue.issue(
                new Login(
                    Tenant.DEFAULT,
                    new Subject(subject),
                    new Authentication(truth.now(), "", List.of()),
                    ClientClass.BROWSER,
                    Device.UNKNOWN,
                    Attributes.NONE,
                    new Presented.Missing(),
                    Presenter.UNKNOWN,
                    List.of())));
    return (Issuance.Issued) issuance;
  }

  /** A session that was validated once, under a lease that has just begun. */
  Issuance.Issued known(String subject) {
    Issuance.Issued issued = issued(subject);
    validated(issued);
    cache.current(nanos);
    return issued;
  }

  Decision validated(Issuance.Issued issued) {
    return now(validate.validate(ids.parse(issued.id().reveal())));
  }

  @Nullable String recalled(Issuance.Issued issued) {
    return answer(cache.recall(List.of(issued.id().reveal()), () -> Evidence.NONE));
  }

  static @Nullable String answer(KnownAnswers.@Nullable Known<String> known) {
    return known == null ? null : known.answer();
  }

  SubjectKey owner(Issuance.Issued issued) {
    return ids.subjectKey(Tenant.DEFAULT, issued.session().subject());
  }

  /** Lets it be known that the subject's sessions are over. */
  void mark(Issuance.Issued issued) {
    overlay.learn(
        new Revoked.Mark(
            new Revoked.OfSubject(owner(issued)),
            truth.now(),
            RevocationReason.ADMIN,
            issued.session().absoluteDeadline()));
  }

  /** Lets time pass on all clocks. */
  void pass(Duration time) {
    nanos += time.toNanos();
    truth.advance(time);
  }

  static <T> T now(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    if (!future.isDone()) {
      throw new IllegalStateException("no answer yet");
    }
    return future.join();
  }

  /** Counts finds, and while it holds, answers them from the truth of now, but later. */
  private final class Held implements SessionStore {
    @Override
    public CompletionStage<Finding> find(Handle handle) {
      finds++;
      Finding finding = now(truth.find(handle));
      if (!holds) {
        return CompletableFuture.completedStage(finding);
      }
      CompletableFuture<Finding> later = new CompletableFuture<>();
      held.add(() -> later.complete(finding));
      return later;
    }

    @Override
    public CompletionStage<Creation> create(Draft draft, SubjectLimit limit) {
      return truth.create(draft, limit);
    }

    @Override
    public void touch(Session session) {
      touched.add(session);
      truth.touch(session);
    }

    @Override
    public CompletionStage<Rotation> rotate(Sight sight) {
      return truth.rotate(sight);
    }

    @Override
    public CompletionStage<Elevation> elevate(
        Session read, Authentication authentication, RotationPolicy policy, int key) {
      return truth.elevate(read, authentication, policy, key);
    }

    @Override
    public CompletionStage<Revocation> revoke(
        SubjectKey subject, Handle handle, RevocationReason reason) {
      return truth.revoke(subject, handle, reason);
    }

    @Override
    public CompletionStage<Revocation> revokeEach(List<Named> sessions, RevocationReason reason) {
      return truth.revokeEach(sessions, reason);
    }

    @Override
    public CompletionStage<Revocation> revokeAll(
        SubjectKey subject, Optional<Handle> except, RevocationReason reason) {
      return truth.revokeAll(subject, except, reason);
    }

    @Override
    public CompletionStage<Revocation> revokeIssued(
        SubjectKey subject, Instant upTo, RevocationReason reason) {
      return truth.revokeIssued(subject, upTo, reason);
    }

    @Override
    public CompletionStage<Fastening> bind(Handle handle, Binding binding) {
      return truth.bind(handle, binding);
    }

    @Override
    public void learn(Session session, SignalHashes signals) {
      truth.learn(session, signals);
    }

    @Override
    public CompletionStage<Revocation> revoke(Revoked.Scope scope, RevocationReason reason) {
      return truth.revoke(scope, reason);
    }

    @Override
    public CompletionStage<Listing> list(SubjectKey subject) {
      return truth.list(subject);
    }
  }
}
