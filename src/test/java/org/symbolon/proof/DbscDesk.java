package org.symbolon.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.symbolon.session.Attributes;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;
import org.symbolon.session.BindingProofs;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.DeviceSessions.Answer;
import org.symbolon.session.DeviceSessions.Bound;
import org.symbolon.session.DeviceSessions.Refused;
import org.symbolon.session.DeviceSessions.Request;
import org.symbolon.session.Evidence;
import org.symbolon.session.Handle;
import org.symbolon.session.Policy;
import org.symbolon.session.Presenter;
import org.symbolon.session.ReferenceStore;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.SecretText;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Tenant;
import org.symbolon.session.TieredPolicy;
import org.symbolon.session.Timeouts;
import org.symbolon.session.Unavailable;

/** Nodes that bind sessions to browsers' keys, a device, and a session that is not bound yet. */
final class DbscDesk {
  static final String ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax";
  static final String REGISTER = "https://app.example/.session/dbsc/register";
  static final String REFRESH = "https://app.example/.session/dbsc/refresh";
  static final Duration LIFE = Duration.ofMinutes(10);
  private static final Pattern CHALLENGE = Pattern.compile("\"([A-Za-z0-9_-]{60})\"");
  static final SubjectKey OWNER = new SubjectKey(7, 7);

  final ReferenceStore store = new ReferenceStore();
  final PlainSeals seals = new PlainSeals();
  private final Set<String> used = new HashSet<>();
  final List<AuditEvent> audit = new ArrayList<>();
  boolean isGuardDown;
  final DbscSessions dbsc = node(BindingPolicy.Rung.ENFORCE);
  final SoftDevice device = SoftDevice.ec();
  final Session session = issue();

  /** Nodes share the store, the used challenges and the keys. */
  DbscSessions node(BindingPolicy.Rung rung) {
    return node(rung, Optional.empty());
  }

  DbscSessions node(BindingPolicy.Rung rung, Optional<DbscSite> site) {
    return new DbscSessions(
        store,
        policy(rung),
        seals,
        this::claim,
        audit::add,
        store::now,
        new SecureRandom(),
        Runnable::run,
        "__Host-sid_bound",
        ATTRIBUTES,
        site);
  }

  private static Policy policy(BindingPolicy.Rung rung) {
    return new TieredPolicy(
        new TieredPolicy.Tier(
            Optional.of(Duration.ofHours(1)),
            Optional.of(Duration.ofHours(24)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new TieredPolicy.BindingTier(
                Map.of(Binding.Kind.DBSC, rung),
                Optional.empty(),
                Optional.empty(),
                Optional.of(LIFE)),
            Map.of()),
        Map.of(),
        Map.of());
  }

  private CompletionStage<ReplayGuard.Claim> claim(String owner, String name, Instant until) {
    return CompletableFuture.completedStage(
        isGuardDown
            ? new Unavailable("down")
            : used.add(owner + " " + name) ? new ReplayGuard.Fresh() : new ReplayGuard.Seen());
  }

  Session issue() {
    SessionStore.Draft draft =
        new SessionStore.Draft(
            OWNER,
            new Handle(7, new SecureRandom().nextLong()),
            1,
            Seed.random(new SecureRandom()),
            Tenant.DEFAULT,
            new Subject("alice"),
            new Authentication(store.now(), "", List.of()),
            ClientClass.BROWSER,
            Device.UNKNOWN,
            Attributes.NONE,
            new Timeouts(Duration.ofHours(1), Duration.ofHours(24)),
            Optional.empty(),
            Optional.empty());
    return ((SessionStore.Created)
            now(store.create(draft, new SubjectLimit(9, SubjectLimit.WhenReached.REJECT))))
        .session();
  }

  static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  static Request request(String endpoint, Map<String, List<String>> fields) {
    return new Request(name -> fields.getOrDefault(name, List.of()), endpoint, Presenter.UNKNOWN);
  }

  Answer register(String proof) {
    return now(dbsc.register(request(REGISTER, Map.of("Secure-Session-Response", List.of(proof)))));
  }

  Answer refresh(Session of, String... proofs) {
    return refresh(dbsc, of, proofs);
  }

  static Answer refresh(DbscSessions node, Session of, String... proofs) {
    return now(
        node.refresh(
            request(
                REFRESH,
                Map.of(
                    "Sec-Secure-Session-Id", List.of(of.handle().toString()),
                    "Secure-Session-Response", List.of(proofs)))));
  }

  static String challenge(Map<String, String> fields) {
    Matcher matcher = CHALLENGE.matcher(fields.values().iterator().next());
    assertThat(matcher.find()).as(fields.toString()).isTrue();
    return matcher.group(1);
  }

  String offered(Session to) {
    return challenge(dbsc.offer(to));
  }

  Bound registered() {
    Answer answer = register(device.registration(offered(session)));
    assertThat(answer).isInstanceOf(Bound.class);
    return (Bound) answer;
  }

  Session stored() {
    return ((SessionStore.Found) now(store.find(session.handle()))).session();
  }

  BindingProofs.Finding judge(Session of, String... cookies) {
    return judge(of, evidence(cookies));
  }

  BindingProofs.Finding judge(Session of, Evidence evidence) {
    return now(
        dbsc.judge(
            of,
            of.binding().orElseThrow(),
            evidence,
            () -> new SecretText("unasked"),
            store.now()));
  }

  static Evidence evidence(String... values) {
    List<String> fields = new ArrayList<>(List.of("theme=dark; __Host-sid=x"));
    for (String value : values) {
      fields.add("a=b;\t__Host-sid_bound=" + value + " ; c=d");
    }
    return new Evidence(fields);
  }

  static void assertRefused(Answer answer, String field) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.field()).isEqualTo(field));
  }
}
