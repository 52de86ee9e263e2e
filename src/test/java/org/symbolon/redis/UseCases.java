package org.symbolon.redis;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.symbolon.session.Authentication;
import org.symbolon.session.Counts;
import org.symbolon.session.Decision;
import org.symbolon.session.ElevateSession;
import org.symbolon.session.Evidence;
import org.symbolon.session.Handle;
import org.symbolon.session.Issuance;
import org.symbolon.session.IssueSession;
import org.symbolon.session.KnownSessions;
import org.symbolon.session.Logins;
import org.symbolon.session.PlainBindings;
import org.symbolon.session.PlainIds;
import org.symbolon.session.PlainSignals;
import org.symbolon.session.Presented;
import org.symbolon.session.Presenter;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.RotationReports;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Subject;
import org.symbolon.session.TieredPolicy;
import org.symbolon.session.ValidateSession;

/** What a node does with sessions, over a store, with IDs that can be read. */
final class UseCases {
  final PlainIds ids = new PlainIds();
  final Counts counts = new Counts();
  private final InstantSource clock;
  private final IssueSession issue;
  private final ValidateSession validate;
  private final ElevateSession elevate;

  UseCases(SessionStore store, TieredPolicy policy, InstantSource clock, SecureRandom random) {
    RotationReports reports = new RotationReports(ids, _ -> {}, counts, clock, a -> a);
    this.clock = clock;
    ids.countFrom(random.nextLong(1L << 47));
    this.issue = new IssueSession(ids, store, policy, _ -> {}, clock, random);
    this.validate =
        new ValidateSession(
            ids,
            store,
            policy,
            reports,
            PlainBindings.of(policy),
            PlainSignals.of(policy, ids),
            KnownSessions.NONE);
    this.elevate = new ElevateSession(ids, store, policy, reports);
  }

  /** A policy whose reuse ends the session. */
  static TieredPolicy policy(Duration idle, Duration absolute, Duration age, Duration overlap) {
    return new TieredPolicy(
        new TieredPolicy.Tier(
            Optional.of(idle),
            Optional.of(absolute),
            Optional.of(100),
            Optional.empty(),
            Optional.of(age),
            Optional.of(overlap),
            Optional.of(RotationPolicy.OnReuse.REVOKE_SESSION)),
        Map.of(),
        Map.of());
  }

  /** Logs somebody in and gives the ID. */
  String login(Subject subject) {
    Issuance issuance = OpenStore.await(issue.issue(Logins.of(subject.value(), clock.instant())));
    return ((Issuance.Issued) issuance).id().reveal();
  }

  Handle handle(String wire) {
    return ids.handle(((Presented.Genuine) ids.parse(wire)).id().locator());
  }

  static int generation(String wire) {
    return Integer.parseInt(wire.split(":", -1)[2]);
  }

  CompletionStage<Decision> send(String wire, boolean isCarried) {
    return validate.validate(ids.parse(wire), Evidence.NONE, isCarried, Presenter.UNKNOWN);
  }

  Decision show(String wire, boolean isCarried) {
    return OpenStore.await(send(wire, isCarried));
  }

  static Authentication strong(Instant time) {
    return new Authentication(time, "aal2", List.of("otp"));
  }

  CompletionStage<ElevateSession.Outcome> elevate(Handle handle, Instant time) {
    return elevate.elevate(handle, strong(time), Presenter.UNKNOWN);
  }
}
