package org.symbolon.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
import org.symbolon.session.DeviceSessions.Challenged;
import org.symbolon.session.DeviceSessions.Over;
import org.symbolon.session.DeviceSessions.Refused;
import org.symbolon.session.DeviceSessions.Request;
import org.symbolon.session.Evidence;
import org.symbolon.session.Handle;
import org.symbolon.session.Policy;
import org.symbolon.session.Presenter;
import org.symbolon.session.Reason;
import org.symbolon.session.ReferenceStore;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.RevocationReason;
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

/** Device Bound Session Credentials, each demand on a server by its name. */
class DbscSessionsTest {
  private static final String ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax";
  private static final String REGISTER = "https://app.example/.session/dbsc/register";
  private static final String REFRESH = "https://app.example/.session/dbsc/refresh";
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final Pattern CHALLENGE = Pattern.compile("\"([A-Za-z0-9_-]{60})\"");
  private static final SubjectKey OWNER = new SubjectKey(7, 7);

  private final ReferenceStore store = new ReferenceStore();
  private final PlainSeals seals = new PlainSeals();
  private final Set<String> used = new HashSet<>();
  private final List<AuditEvent> audit = new ArrayList<>();
  private boolean isGuardDown;
  private final DbscSessions dbsc = node(BindingPolicy.Rung.ENFORCE);
  private final SoftDevice device = SoftDevice.ec();
  private final Session session = issue();

  /** Nodes share the store, the used challenges and the keys. */
  private DbscSessions node(BindingPolicy.Rung rung) {
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
        ATTRIBUTES);
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

  private Session issue() {
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

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Request request(String endpoint, Map<String, List<String>> fields) {
    return new Request(name -> fields.getOrDefault(name, List.of()), endpoint, Presenter.UNKNOWN);
  }

  private Answer register(String proof) {
    return now(dbsc.register(request(REGISTER, Map.of("Secure-Session-Response", List.of(proof)))));
  }

  private Answer refresh(Session of, String... proofs) {
    return refresh(dbsc, of, proofs);
  }

  private static Answer refresh(DbscSessions node, Session of, String... proofs) {
    return now(
        node.refresh(
            request(
                REFRESH,
                Map.of(
                    "Sec-Secure-Session-Id", List.of(of.handle().toString()),
                    "Secure-Session-Response", List.of(proofs)))));
  }

  private static String challenge(Map<String, String> fields) {
    Matcher matcher = CHALLENGE.matcher(fields.values().iterator().next());
    assertThat(matcher.find()).as(fields.toString()).isTrue();
    return matcher.group(1);
  }

  private String offered(Session to) {
    return challenge(dbsc.offer(to));
  }

  private Bound registered() {
    Answer answer = register(device.registration(offered(session)));
    assertThat(answer).isInstanceOf(Bound.class);
    return (Bound) answer;
  }

  private Session stored() {
    return ((SessionStore.Found) now(store.find(session.handle()))).session();
  }

  private BindingProofs.Finding judge(Session of, String... cookies) {
    return judge(of, evidence(cookies));
  }

  private BindingProofs.Finding judge(Session of, Evidence evidence) {
    return now(
        dbsc.judge(
            of,
            of.binding().orElseThrow(),
            evidence,
            () -> new SecretText("unasked"),
            store.now()));
  }

  private static Evidence evidence(String... values) {
    List<String> fields = new ArrayList<>(List.of("theme=dark; __Host-sid=x"));
    for (String value : values) {
      fields.add("a=b;\t__Host-sid_bound=" + value + " ; c=d");
    }
    return new Evidence(fields);
  }

  private static void assertRefused(Answer answer, String field) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.field()).isEqualTo(field));
  }

  @Test
  void offersRegistrationAsAListOfInnerListsOfTokens() {
    assertThat(dbsc.offer(session))
        .hasEntrySatisfying(
            "Secure-Session-Registration",
            value ->
                assertThat(value)
                    .matches(
                        "\\(ES256"
                            + " RS256\\);path=\"/.session/dbsc/register\";challenge=\"[^\"]{60}\""));
  }

  @Test
  void offersNothingWhereThePolicyIsOffAndTakesNoKeyThere() {
    DbscSessions off = node(BindingPolicy.Rung.OFF);
    assertThat(off.offer(session)).isEmpty();
    String proof = device.registration(offered(session));
    assertRefused(
        now(off.register(request(REGISTER, Map.of("Secure-Session-Response", List.of(proof))))),
        "jti");
  }

  @Test
  void registrationBindsTheSessionToTheKeyAndTellsTheBrowserAll() throws Exception {
    Bound bound = registered();
    assertThat(stored().binding())
        .hasValueSatisfying(binding -> assertThat(binding.key()).startsWith("ES256.").hasSize(93));
    JsonNode json = new ObjectMapper().readTree(bound.json());
    assertThat(json.path("session_identifier").asText()).isEqualTo(session.handle().toString());
    assertThat(json.path("refresh_url").asText()).isEqualTo("/.session/dbsc/refresh");
    assertThat(json.path("scope").path("include_site").asBoolean(true)).isFalse();
    assertThat(json.path("credentials").path(0).path("name").asText())
        .isEqualTo("__Host-sid_bound");
    assertThat(json.path("credentials").path(0).path("attributes").asText()).isEqualTo(ATTRIBUTES);
    assertThat(bound.age()).isEqualTo(LIFE);
    assertThat(bound.fields())
        .hasEntrySatisfying(
            "Secure-Session-Challenge",
            value -> assertThat(value).endsWith(";id=\"" + session.handle() + "\""));
    assertThat(audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.SESSION_BOUND);
  }

  @Test
  void registrationTakesAnRsaKeyOfTwoThousandAndFortyEightBits() {
    SoftDevice rsa = SoftDevice.rsa(2048);
    Answer answer = register(rsa.registration(offered(session)));
    assertThat(answer).isInstanceOf(Bound.class);
    assertThat(refresh(stored(), rsa.proof(challenge(((Bound) answer).fields()))))
        .isInstanceOf(Bound.class);
  }

  @Test
  void registrationTakesNoWeakerKeyAndNoOtherCurve() {
    assertRefused(register(SoftDevice.rsa(1024).registration(offered(session))), "jwk");
    SoftDevice other = SoftDevice.ec("secp384r1");
    assertRefused(register(other.registration(offered(session))), "jwk");
    assertThat(stored().binding()).isEmpty();
  }

  @Test
  void registrationNeedsAKeyAndProvesIt() {
    String challenge = offered(session);
    assertRefused(register(device.proof(challenge)), "jwk");
    String foreign = SoftDevice.ec().jwk();
    assertRefused(
        register(device.sign(device.header("\"jwk\":" + foreign), SoftDevice.claims(challenge))),
        "Secure-Session-Response");
    assertThat(stored().binding()).isEmpty();
    assertThat(audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.PROOF_REFUSED);
    // Who signs falsely has not used up the browser's challenge.
    assertThat(register(device.registration(challenge))).isInstanceOf(Bound.class);
  }

  @Test
  void aPointThatIsNotOnTheCurveIsNoKey() {
    String off = device.jwk().replaceFirst("\"y\":\"..", "\"y\":\"AA");
    assertRefused(
        register(device.sign(device.header("\"jwk\":" + off), SoftDevice.claims(offered(session)))),
        "proof");
  }

  @Test
  void aPrivateKeyInTheProofIsRefused() {
    String leaked = device.jwk().replace("}", ",\"d\":\"" + "A".repeat(43) + "\"}");
    assertRefused(
        register(
            device.sign(device.header("\"jwk\":" + leaked), SoftDevice.claims(offered(session)))),
        "proof");
  }

  @Test
  void aRegistrationChallengeIsGoodOnceOnAllNodes() {
    String proof = device.registration(offered(session));
    assertThat(register(proof)).isInstanceOf(Bound.class);
    DbscSessions another = node(BindingPolicy.Rung.ENFORCE);
    assertRefused(
        now(another.register(request(REGISTER, Map.of("Secure-Session-Response", List.of(proof))))),
        "jti");
  }

  @Test
  void aRegistrationChallengeEndsAfterFiveMinutes() {
    String late = device.registration(offered(session));
    store.advance(Duration.ofMinutes(5).minusSeconds(1));
    assertThat(register(late)).isInstanceOf(Bound.class);
    Session next = issue();
    String tooLate = device.registration(offered(next));
    store.advance(Duration.ofMinutes(5));
    assertRefused(register(tooLate), "jti");
  }

  @Test
  void theFirstKeyWinsWhateverComesWithAnotherChallenge() {
    String second = offered(session);
    registered();
    String first = stored().binding().orElseThrow().key();
    assertRefused(register(SoftDevice.ec().registration(second)), "jwk");
    assertThat(stored().binding().orElseThrow().key()).isEqualTo(first);
    assertThat(audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.SESSION_BOUND, AuditEvent.Action.PROOF_REFUSED);
  }

  @Test
  void aChallengeBindsNoOtherSessionThanItsOwn() {
    Session other = issue();
    String challenge = offered(session);
    register(device.registration(challenge));
    assertThat(((SessionStore.Found) now(store.find(other.handle()))).session().binding())
        .isEmpty();
    // Another session's handle in the place of its own is no challenge of that session.
    byte[] bytes = Base64.getUrlDecoder().decode(offered(session));
    byte[] theirs = Base64.getUrlDecoder().decode(offered(other));
    System.arraycopy(theirs, 7, bytes, 7, 10);
    assertRefused(
        register(device.registration(Base64.getUrlEncoder().encodeToString(bytes))), "jti");
  }

  @Test
  void aChallengeOfAnotherPurposeIsRefused() {
    Bound bound = registered();
    String refresh = challenge(bound.fields());
    assertRefused(register(device.registration(refresh)), "jti");
    String registration = offered(session);
    assertThat(refresh(stored(), device.proof(registration))).isInstanceOf(Challenged.class);
    assertThat(judge(stored(), registration))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_WRONG));
  }

  @Test
  void refreshNeedsNothingButTheIdentifierAndAProofOfTheCachedChallenge() {
    Bound bound = registered();
    store.advance(LIFE);
    Answer answer = refresh(stored(), device.proof(challenge(bound.fields())));
    assertThat(answer)
        .isInstanceOfSatisfying(
            Bound.class,
            proved -> {
              assertThat(proved.json()).isEmpty();
              assertThat(challenge(proved.fields())).isNotEqualTo(challenge(bound.fields()));
              assertThat(judge(stored(), proved.cookie().reveal()))
                  .isEqualTo(new BindingProofs.Proved());
            });
  }

  @Test
  void refreshTakesIdentifierAndProofBareOrQuoted() {
    Bound bound = registered();
    Map<String, List<String>> quoted =
        Map.of(
            "Sec-Secure-Session-Id", List.of("\"" + session.handle() + "\""),
            "Secure-Session-Response",
                List.of("\"" + device.proof(challenge(bound.fields())) + "\""));
    assertThat(now(dbsc.refresh(request(REFRESH, quoted)))).isInstanceOf(Bound.class);
  }

  @Test
  void refreshWithoutAProofIsChallengedAndTheAnswerToItTaken() {
    registered();
    Answer first = refresh(stored());
    assertThat(first).isInstanceOf(Challenged.class);
    assertThat(refresh(stored(), device.proof(challenge(((Challenged) first).fields()))))
        .isInstanceOf(Bound.class);
  }

  @Test
  void aProofThatWasUsedIsChallengedOnAnotherNodeTooAndIsNoTheft() {
    String proof = device.proof(challenge(registered().fields()));
    assertThat(refresh(stored(), proof)).isInstanceOf(Bound.class);
    assertThat(refresh(node(BindingPolicy.Rung.ENFORCE), stored(), proof))
        .isInstanceOf(Challenged.class);
    assertThat(audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.SESSION_BOUND);
  }

  @Test
  void earlierChallengesStayGoodWhileLaterOnesAreOut() {
    String first = challenge(registered().fields());
    String second = challenge(((Challenged) refresh(stored())).fields());
    assertThat(refresh(stored(), device.proof(second))).isInstanceOf(Bound.class);
    assertThat(refresh(stored(), device.proof(first))).isInstanceOf(Bound.class);
  }

  @Test
  void aStaleChallengeIsAnsweredWithAnother() {
    String proof = device.proof(challenge(registered().fields()));
    store.advance(LIFE.plusMinutes(5));
    assertThat(refresh(stored(), proof)).isInstanceOf(Challenged.class);
  }

  @Test
  void aProofByAnotherKeyIsRefusedAndRecorded() {
    String challenge = challenge(registered().fields());
    assertRefused(refresh(stored(), SoftDevice.ec().proof(challenge)), "Secure-Session-Response");
    assertThat(audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.SESSION_BOUND, AuditEvent.Action.PROOF_REFUSED);
    assertThat(refresh(stored(), device.proof(challenge))).isInstanceOf(Bound.class);
  }

  @Test
  void aKeyBroughtToARefreshIsRefusedBesideAGoodSignatureToo() {
    String challenge = challenge(registered().fields());
    assertRefused(refresh(stored(), SoftDevice.ec().registration(challenge)), "jwk");
    assertRefused(refresh(stored(), device.registration(challenge)), "jwk");
    assertThat(refresh(stored(), device.proof(challenge))).isInstanceOf(Bound.class);
  }

  @Test
  void theAlgorithmIsThatOfTheRegistration() {
    String challenge = challenge(registered().fields());
    assertRefused(
        refresh(stored(), SoftDevice.rsa(2048).proof(challenge)), "Secure-Session-Response");
  }

  @Test
  void aTurnedBitOfTheSignatureIsRefused() {
    String challenge = challenge(registered().fields());
    assertRefused(
        refresh(stored(), SoftDevice.broken(device.proof(challenge))), "Secure-Session-Response");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\",\"typ\":\"dbsc+jwt\"}",
        "{\"alg\":\"HS256\",\"typ\":\"dbsc+jwt\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\"}",
        "{\"alg\":\"ES256\",\"typ\":\"dbsc+aik\"}",
        "{\"alg\":\"ES256\"}",
        "{\"alg\":\"ES256\",\"typ\":\"dbsc+jwt\",\"crit\":[\"exp\"],\"exp\":1}",
        "{\"alg\":\"ES256\",\"typ\":\"dbsc+jwt\",\"jku\":\"https://evil.example\"}",
        "{\"alg\":\"ES256\",\"typ\":\"dbsc+jwt\",\"b64\":false,\"crit\":[\"b64\"]}",
        "[]",
        ""
      })
  void aProofWithAnotherHeaderIsRefused(String header) {
    String challenge = challenge(registered().fields());
    assertThat(refresh(stored(), device.sign(header, SoftDevice.claims(challenge))))
        .isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b", "a.b.c", "a.b.c.d", "a.b.c.d.e", "...", "é.é.é"})
  void whatIsNoJwtIsRefused(String text) {
    registered();
    assertThat(refresh(stored(), text)).isInstanceOf(Refused.class);
    assertThat(register(text)).isInstanceOf(Refused.class);
  }

  @Test
  void anOversizeProofIsRefusedUnread() {
    String challenge = challenge(registered().fields());
    String large =
        device.sign(
            device.header("\"pad\":\"" + "x".repeat(4096) + "\""), SoftDevice.claims(challenge));
    assertRefused(refresh(stored(), large), "proof");
  }

  @Test
  void anAudienceHasToBeTheEndpoint() {
    String challenge = challenge(registered().fields());
    String wrong = "{\"jti\":\"" + challenge + "\",\"aud\":\"" + REGISTER + "\"}";
    assertRefused(refresh(stored(), device.sign(device.header(""), wrong)), "aud");
    String right = "{\"jti\":\"" + challenge + "\",\"aud\":\"" + REFRESH + "\"}";
    assertThat(refresh(stored(), device.sign(device.header(""), right))).isInstanceOf(Bound.class);
  }

  @Test
  void aRefreshNamesItsSession() {
    registered();
    assertRefused(now(dbsc.refresh(request(REFRESH, Map.of()))), "Sec-Secure-Session-Id");
    assertRefused(
        now(dbsc.refresh(request(REFRESH, Map.of("Sec-Secure-Session-Id", List.of("junk"))))),
        "Sec-Secure-Session-Id");
  }

  @Test
  void aSessionThatIsOverIsOverForTheBrowserAndNothingBringsItBack() {
    String proof = device.proof(challenge(registered().fields()));
    Session before = stored();
    now(store.revoke(OWNER, session.handle(), RevocationReason.LOGOUT));
    assertThat(refresh(before, proof))
        .isEqualTo(
            new Over("{\"session_identifier\":\"" + session.handle() + "\",\"continue\":false}"));
    assertThat(now(store.find(session.handle()))).isInstanceOf(SessionStore.Ended.class);
    assertRefused(register(SoftDevice.ec().registration(offered(session))), "jti");
  }

  @Test
  void anUnknownAndAnUnboundSessionAreOver() {
    assertThat(refresh(session, device.proof("x"))).isInstanceOf(Over.class);
    now(store.revoke(OWNER, session.handle(), RevocationReason.LOGOUT));
    assertThat(refresh(session)).isInstanceOf(Over.class);
  }

  @Test
  void aRefreshProlongsNothing() {
    String proof = device.proof(challenge(registered().fields()));
    store.advance(Duration.ofMinutes(9));
    Session before = stored();
    assertThat(refresh(before, proof)).isInstanceOf(Bound.class);
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void anOutageEndsNothing() {
    String proof = device.proof(challenge(registered().fields()));
    isGuardDown = true;
    assertThat(refresh(stored(), proof)).isInstanceOf(Unavailable.class);
    isGuardDown = false;
    Session before = stored();
    store.setDown(true);
    assertThat(refresh(before, proof)).isInstanceOf(Unavailable.class);
    assertThat(register(device.registration(offered(session)))).isInstanceOf(Unavailable.class);
    store.setDown(false);
    assertThat(refresh(before, proof)).isInstanceOf(Bound.class);
  }

  @Test
  void theCookieOfARegistrationIsAProofForATenthMoreThanItsAge() {
    String cookie = registered().cookie().reveal();
    assertThat(judge(stored(), cookie)).isEqualTo(new BindingProofs.Proved());
    store.advance(LIFE.plusSeconds(59));
    assertThat(judge(stored(), cookie)).isEqualTo(new BindingProofs.Proved());
    store.advance(Duration.ofSeconds(1));
    assertThat(judge(stored(), cookie))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_STALE));
  }

  @Test
  void theCookieBeforeStaysGoodBesideTheNew() {
    Bound first = registered();
    Bound second = (Bound) refresh(stored(), device.proof(challenge(first.fields())));
    assertThat(judge(stored(), first.cookie().reveal())).isEqualTo(new BindingProofs.Proved());
    assertThat(judge(stored(), second.cookie().reveal())).isEqualTo(new BindingProofs.Proved());
    assertThat(judge(stored(), "junk", second.cookie().reveal()))
        .isEqualTo(new BindingProofs.Proved());
  }

  @Test
  void aCookieOfAnotherSessionProvesNothing() {
    registered();
    Session other = issue();
    Bound theirs = (Bound) register(SoftDevice.ec().registration(offered(other)));
    assertThat(judge(stored(), theirs.cookie().reveal()))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_WRONG));
  }

  @Test
  void aCookieThatIsForgedOrNoneProvesNothing() {
    String cookie = registered().cookie().reveal();
    assertThat(judge(stored())).isEqualTo(new BindingProofs.NotProved(Reason.BINDING_MISSING));
    for (int i = 0; i < cookie.length() - 1; i++) {
      char other = cookie.charAt(i) == 'A' ? 'B' : 'A';
      String forged = cookie.substring(0, i) + other + cookie.substring(i + 1);
      assertThat(judge(stored(), forged))
          .as("character " + i)
          .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_WRONG));
    }
    for (String none : List.of("", "x", cookie + "A", cookie.substring(1), "é".repeat(31))) {
      assertThat(judge(stored(), none))
          .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_WRONG));
    }
  }

  @Test
  void aCookieOfAnotherNameProvesNothing() {
    String cookie = registered().cookie().reveal();
    Evidence elsewhere =
        new Evidence(
            List.of("x__Host-sid_bound=" + cookie, "a=__Host-sid_bound=" + cookie + "; b=c"));
    assertThat(judge(stored(), elsewhere))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_MISSING));
  }

  @Test
  void keysOfTheRingAreReplacedWithoutADownfall() {
    Bound bound = registered();
    seals.signing = 4;
    assertThat(judge(stored(), bound.cookie().reveal())).isEqualTo(new BindingProofs.Proved());
    Answer next = refresh(stored(), device.proof(challenge(bound.fields())));
    assertThat(next).isInstanceOf(Bound.class);
    seals.oldest = 4;
    assertThat(judge(stored(), bound.cookie().reveal()))
        .isEqualTo(new BindingProofs.NotProved(Reason.BINDING_WRONG));
    assertThat(judge(stored(), ((Bound) next).cookie().reveal()))
        .isEqualTo(new BindingProofs.Proved());
  }
}
