package org.symbolon;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.symbolon.config.Configuration;
import org.symbolon.config.EventsConfig;
import org.symbolon.config.StreamConfig;
import org.symbolon.config.WebhookConfig;
import org.symbolon.events.Delivery;
import org.symbolon.events.Effect;
import org.symbolon.events.EventGuard;
import org.symbolon.events.EventSigner;
import org.symbolon.events.EventStream;
import org.symbolon.events.Intake;
import org.symbolon.events.Notice;
import org.symbolon.events.Outbox;
import org.symbolon.events.PlanCampaign;
import org.symbolon.events.PolledStream;
import org.symbolon.events.ReceiveEvents;
import org.symbolon.events.Receiver;
import org.symbolon.events.Receivers;
import org.symbolon.events.RevokeSubject;
import org.symbolon.events.SessionRevoked;
import org.symbolon.events.Target;
import org.symbolon.events.Tellings;
import org.symbolon.events.Webhook;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.SecretText;
import org.symbolon.session.Tenant;
import org.symbolon.token.LogoutTokenVerifier;
import org.symbolon.token.SecurityEventVerifier;
import org.symbolon.token.TrustedIssuer;

/**
 * What a configuration says of other services' signals.
 *
 * @param executor judges signatures
 * @param blocking asks the store for operators
 */
record Events(
    Configuration configuration,
    EventGuard guard,
    RevokeSessions revoke,
    PlanCampaign plan,
    AuditTrail audit,
    Executor executor,
    Executor blocking,
    InstantSource clock,
    Tellings tellings) {
  private static final Duration LONGEST_POLL = Duration.ofSeconds(20);

  /** Nobody can be told who asks. */
  private static final Target ASKING =
      _ ->
          new Target.NotNow(
              "the receiver asks for its events itself, and has done with this one; drop it",
              Duration.ZERO);

  /**
   * @param streams those whose receivers ask
   */
  Intake intake(Signers signers, List<TrustedIssuer> issuers, List<PolledStream> streams) {
    List<LogoutTokenVerifier.Provider> providers = signers.providers(issuers);
    List<SecurityEventVerifier.Transmitter> transmitters = signers.transmitters();
    return new Intake(
        providers.isEmpty() ? Optional.empty() : Optional.of(logouts(providers)),
        transmitters.isEmpty() ? Optional.empty() : Optional.of(events(transmitters)),
        Optional.of(
            new RevokeSubject(
                issuers.stream()
                    .collect(
                        Collectors.toUnmodifiableMap(
                            TrustedIssuer::issuer, TrustedIssuer::tenants)),
                isDefaultAlone(issuers),
                revoke,
                audit,
                clock)),
        streams.stream()
            .collect(Collectors.toUnmodifiableMap(PolledStream::name, Function.identity())),
        !configuration.streams().isEmpty());
  }

  /** Whether neither an issuer nor a backend can log anybody in to another tenant. */
  private boolean isDefaultAlone(List<TrustedIssuer> issuers) {
    return issuers.stream().allMatch(issuer -> issuer.tenants().equals(Set.of(Tenant.DEFAULT)))
        && configuration.services().stream()
            .filter(service -> service.scopes().contains("issue"))
            .allMatch(service -> service.tenants().equals(List.of(Tenant.DEFAULT.value())));
  }

  /** Begins to tell the receivers of events; the node ends it. */
  Receivers receivers(Node node, Outbox outbox, EventSigner signer) {
    List<Receiver> receivers = new ArrayList<>();
    for (WebhookConfig webhook : configuration.webhooks()) {
      Webhook target =
          node.with(
              new Webhook(URI.create(webhook.url()), webhook.keys(), webhook.timeout(), clock));
      receivers.add(
          new Receiver(webhook.name(), Set.copyOf(webhook.events()), webhook.attempts(), target));
    }
    for (StreamConfig stream : configuration.streams()) {
      stream
          .url()
          .ifPresent(
              url -> {
                EventStream target =
                    node.with(
                        new EventStream(
                            URI.create(url),
                            stream.authorization().map(secret -> new SecretText(secret.reveal())),
                            tokens(stream, signer),
                            stream.timeout()));
                receivers.add(receiver(stream, stream.attempts(), target));
              });
    }
    for (Receiver receiver : receivers) {
      node.with(Delivery.begin(receiver, outbox, Delivery.Pauses.USUAL, clock, tellings));
    }
    for (StreamConfig stream : configuration.streams()) {
      if (stream.url().isEmpty()) {
        receivers.add(receiver(stream, 1, ASKING));
      }
    }
    return new Receivers(receivers, outbox, blocking);
  }

  /** Those whose receivers ask for their events; they are told from now on. */
  List<PolledStream> polled(Outbox outbox, EventSigner signer) {
    List<PolledStream> streams = new ArrayList<>();
    for (StreamConfig stream : configuration.streams()) {
      stream
          .service()
          .ifPresent(
              service ->
                  streams.add(
                      new PolledStream(
                          receiver(stream, 1, ASKING),
                          tokens(stream, signer),
                          service,
                          outbox,
                          blocking,
                          clock,
                          LONGEST_POLL,
                          tellings)));
    }
    streams.forEach(PolledStream::begin);
    return streams;
  }

  private static Receiver receiver(StreamConfig stream, int attempts, Target target) {
    return new Receiver(stream.name(), Set.copyOf(stream.events()), attempts, target);
  }

  private SessionRevoked tokens(StreamConfig stream, EventSigner signer) {
    return new SessionRevoked(configuration.assertions().audience(), stream.audience(), signer);
  }

  private ReceiveEvents logouts(List<LogoutTokenVerifier.Provider> providers) {
    return new ReceiveEvents(
        new LogoutTokenVerifier(
            providers, configuration.assertions().maxAge(), Signers.SKEW, executor, clock),
        guard,
        _ -> Effect.REVOKE,
        revoke,
        RevocationReason.LOGOUT_ELSEWHERE,
        plan,
        audit,
        clock);
  }

  private ReceiveEvents events(List<SecurityEventVerifier.Transmitter> transmitters) {
    Map<String, EventsConfig> settings =
        configuration.events().stream()
            .collect(Collectors.toUnmodifiableMap(EventsConfig::issuer, Function.identity()));
    return new ReceiveEvents(
        new SecurityEventVerifier(transmitters, Signers.SKEW, executor, clock),
        guard,
        notice -> effect(Objects.requireNonNull(settings.get(notice.sender())), notice.kind()),
        revoke,
        RevocationReason.ADMIN,
        plan,
        audit,
        clock);
  }

  private static Effect effect(EventsConfig settings, Notice.Kind kind) {
    return switch (kind) {
      case SESSION_REVOKED -> effect(settings.sessionRevoked());
      case CREDENTIAL_CHANGE -> effect(settings.credentialChange());
      case ACCOUNT_DISABLED -> effect(settings.accountDisabled());
      case LOGOUT, VERIFICATION, OTHER -> Effect.IGNORE;
    };
  }

  private static Effect effect(EventsConfig.Effect configured) {
    return switch (configured) {
      case REVOKE -> Effect.REVOKE;
      case CAMPAIGN -> Effect.CAMPAIGN;
      case IGNORE -> Effect.IGNORE;
    };
  }
}
