package org.symbolon.token;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.events.Notice;
import org.symbolon.events.SignedEvents;
import org.symbolon.session.LoginProofs;
import org.symbolon.session.SecretText;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/**
 * Judges Security Event Tokens (RFC 8417) as the OpenID Shared Signals Framework profiles them: of
 * the type {@code secevent+jwt}, with a {@code sub_id} (RFC 9493), one event, and no {@code exp}.
 */
public final class SecurityEventVerifier implements SignedEvents {
  private static final Logger LOG = LoggerFactory.getLogger(SecurityEventVerifier.class);
  private static final Set<String> TYPES = Set.of("secevent+jwt");

  /** How long transmitters may go on trying; the names of what was taken are kept for as long. */
  private static final Duration MAX_AGE = Duration.ofDays(7);

  private static final Map<String, Notice.Kind> KINDS =
      Map.of(
          "https://schemas.openid.net/secevent/caep/event-type/session-revoked",
          Notice.Kind.SESSION_REVOKED,
          "https://schemas.openid.net/secevent/caep/event-type/credential-change",
          Notice.Kind.CREDENTIAL_CHANGE,
          "https://schemas.openid.net/secevent/risc/event-type/account-disabled",
          Notice.Kind.ACCOUNT_DISABLED,
          "https://schemas.openid.net/secevent/ssf/event-type/verification",
          Notice.Kind.VERIFICATION);

  private static final Set<String> CHANGES = Set.of("create", "revoke", "update", "delete");
  private static final String SUB_ID = "sub_id";

  private final Map<String, Transmitter> transmitters = new HashMap<>();
  private final SignedProof proof;
  private final Duration skew;
  private final Executor executor;
  private final InstantSource clock;

  /**
   * Whose events are taken.
   *
   * @param issuer its {@code iss}, compared character by character
   * @param algorithms as for {@link TrustedIssuer}
   * @param audience by which it knows this service
   * @param tenants those of its subjects
   * @param subjects the {@code iss} that its subjects may have beside its own
   */
  public record Transmitter(
      String issuer,
      Set<String> algorithms,
      JwksSource keys,
      String audience,
      Set<Tenant> tenants,
      Set<String> subjects) {
    public Transmitter {
      algorithms = Algorithms.allowed(algorithms);
      tenants = Set.copyOf(tenants);
      Set<String> all = new HashSet<>(subjects);
      all.add(issuer);
      subjects = Set.copyOf(all);
    }
  }

  /**
   * @param skew how far the transmitters' clocks may be off
   * @param executor does the signatures and may block for a fetch of keys
   * @throws IllegalArgumentException where two have one issuer
   */
  public SecurityEventVerifier(
      List<Transmitter> transmitters, Duration skew, Executor executor, InstantSource clock) {
    for (Transmitter transmitter : transmitters) {
      if (this.transmitters.put(transmitter.issuer(), transmitter) != null) {
        throw new IllegalArgumentException("issuer: " + transmitter.issuer() + " is named twice");
      }
    }
    this.proof =
        new SignedProof(
            // How old an event may be is judged here.
            new ProofRules(
                transmitters.stream().map(Transmitter::audience).collect(Collectors.toSet()),
                Duration.ofHours(1),
                skew,
                TYPES),
            SignedProof.Life.UNENDING);
    this.skew = skew;
    this.executor = executor;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Judgement> judge(SecretText token) {
    try {
      return CompletableFuture.supplyAsync(() -> judge(token.reveal()), executor)
          .exceptionally(SecurityEventVerifier::failed);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedStage(failed(e));
    }
  }

  private static Judgement failed(Throwable fault) {
    // A node that is at its limit says so elsewhere, and not for each one that it turns away.
    if (!(fault instanceof RejectedExecutionException)) {
      LOG.error("a security event could not be judged", fault);
    }
    return new Unreachable("not judged: " + fault.getClass().getSimpleName());
  }

  private Judgement judge(String compact) {
    if (CompactJws.read(compact, TYPES) instanceof CompactJws.Read(CompactJws jws)
        && !jws.hasType()) {
      return new Refused("typ", "use secevent+jwt, so that it is taken for nothing else");
    }
    Instant now = clock.instant();
    return switch (proof.judge(compact, now, claims -> transmitter(claims).map(this::signer))) {
      case SignedProof.NotBelieved(LoginProofs.Refused(String claim, String mend)) ->
          new Refused(mend.equals(SignedProof.FALSE_SIGNATURE) ? "signature" : claim, mend);
      case SignedProof.NoKeys(var outage) -> new Unreachable(outage.cause());
      case SignedProof.Believed believed -> genuine(believed, now);
    };
  }

  private Optional<Transmitter> transmitter(JsonMembers claims) {
    return claims.text("iss").map(transmitters::get);
  }

  private SignedProof.Signer signer(Transmitter transmitter) {
    return new SignedProof.Signer(transmitter.keys(), transmitter.algorithms());
  }

  private Judgement genuine(SignedProof.Believed believed, Instant now) {
    JsonMembers claims = believed.claims();
    Transmitter transmitter = transmitter(claims).orElseThrow();
    if (!SignedProof.audience(claims).contains(transmitter.audience())) {
      return new Refused("aud", "name the audience that is set for this transmitter");
    }
    if (!end(believed).isAfter(now)) {
      return new Refused("iat", "older than " + MAX_AGE.toDays() + " days: it comes too late");
    }
    if (claims.has("exp")) {
      return new Refused("exp", "leave it out: an event does not cease to have happened");
    }
    Optional<JsonMembers> events = claims.object("events");
    if (events.isEmpty() || events.get().values().size() != 1) {
      return new Refused("events", "send an object with the one event as its member");
    }
    String type = events.get().values().keySet().iterator().next();
    Optional<JsonMembers> event = events.get().object(type);
    if (event.isEmpty()) {
      return new Refused("events", "make the event's value an object");
    }
    Notice.Kind kind = KINDS.getOrDefault(type, Notice.Kind.OTHER);
    Optional<Refused> fault = fault(kind, event.get());
    if (fault.isPresent()) {
      return fault.get();
    }
    if (kind == Notice.Kind.VERIFICATION || kind == Notice.Kind.OTHER) {
      return genuine(believed, transmitter, kind, transmitter.tenants(), Optional.empty());
    }
    return about(believed, transmitter, kind, claims.object(SUB_ID), transmitter.tenants());
  }

  /** What the event's definition asks for (CAEP 1.0 sections 2 and 3.3). */
  private static Optional<Refused> fault(Notice.Kind kind, JsonMembers event) {
    if (event.has("event_timestamp") && event.date("event_timestamp").isEmpty()) {
      return Optional.of(
          new Refused("event_timestamp", "say in seconds since 1970, or leave it out"));
    }
    if (kind != Notice.Kind.CREDENTIAL_CHANGE) {
      return Optional.empty();
    }
    if (event.text("credential_type").isEmpty()) {
      return Optional.of(new Refused("credential_type", "name the kind of the credential"));
    }
    return event.text("change_type").filter(CHANGES::contains).isPresent()
        ? Optional.empty()
        : Optional.of(new Refused("change_type", "send create, revoke, update or delete"));
  }

  private Judgement about(
      SignedProof.Believed believed,
      Transmitter transmitter,
      Notice.Kind kind,
      Optional<JsonMembers> id,
      Set<Tenant> tenants) {
    if (id.isEmpty()) {
      return new Refused(SUB_ID, "say whom it is about (RFC 9493)");
    }
    return switch (id.get().text("format").orElse("")) {
      case "iss_sub" ->
          id.get().text("iss").filter(transmitter.subjects()::contains).isEmpty()
              ? new Refused(SUB_ID + ".iss", "name an issuer that is set for this transmitter")
              : named(believed, transmitter, kind, tenants, id.get().text("sub"));
      case "opaque" -> named(believed, transmitter, kind, tenants, id.get().text("id"));
      case "complex" -> complex(believed, transmitter, kind, id.get(), tenants);
      default ->
          new Refused(
              SUB_ID + ".format", "send iss_sub or opaque, or complex with a user of these");
    };
  }

  /**
   * One of several parts (SSF 1.0 section 3.2): the user's tells whose sessions end, all of them,
   * as a device or a session of the transmitter is not known here; a tenant's narrows it.
   */
  private Judgement complex(
      SignedProof.Believed believed,
      Transmitter transmitter,
      Notice.Kind kind,
      JsonMembers id,
      Set<Tenant> tenants) {
    Optional<JsonMembers> user = id.object("user");
    if (user.flatMap(u -> u.text("format")).filter("complex"::equals).isPresent()) {
      return new Refused(SUB_ID + ".user", "send iss_sub or opaque");
    }
    if (!id.has("tenant")) {
      return about(believed, transmitter, kind, user, tenants);
    }
    Optional<Tenant> tenant =
        id.object("tenant")
            .flatMap(t -> t.text("id"))
            .filter(Tenant::isValid)
            .map(Tenant::new)
            .filter(tenants::contains);
    return tenant.isEmpty()
        ? new Refused(SUB_ID + ".tenant", "name one that is set for this transmitter, as opaque")
        : about(believed, transmitter, kind, user, Set.of(tenant.get()));
  }

  private Judgement named(
      SignedProof.Believed believed,
      Transmitter transmitter,
      Notice.Kind kind,
      Set<Tenant> tenants,
      Optional<String> name) {
    return name.filter(Subject::isValid).isEmpty()
        ? new Refused(SUB_ID, "name the subject in 1 to 255 visible ASCII characters")
        : genuine(believed, transmitter, kind, tenants, name.map(Subject::new));
  }

  private Judgement genuine(
      SignedProof.Believed believed,
      Transmitter transmitter,
      Notice.Kind kind,
      Set<Tenant> tenants,
      Optional<Subject> subject) {
    return new Genuine(
        new Notice(
            transmitter.issuer(),
            believed.jti(),
            end(believed),
            kind,
            tenants,
            subject,
            happened(believed.claims()).plus(skew)));
  }

  /** When it happened: {@code event_timestamp} (CAEP 1.0 section 2), or when it was told first. */
  private static Instant happened(JsonMembers claims) {
    JsonMembers events = claims.object("events").orElseThrow();
    String type = events.values().keySet().iterator().next();
    return events
        .object(type)
        .flatMap(event -> event.date("event_timestamp"))
        .or(() -> claims.date("iat"))
        .orElseThrow();
  }

  /** From when on it is too old. */
  private Instant end(SignedProof.Believed believed) {
    return believed.claims().date("iat").orElseThrow().plus(MAX_AGE).plus(skew);
  }
}
