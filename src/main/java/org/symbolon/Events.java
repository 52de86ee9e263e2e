package org.symbolon;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.symbolon.config.Configuration;
import org.symbolon.events.EventGuard;
import org.symbolon.events.Intake;
import org.symbolon.events.ReceiveEvents;
import org.symbolon.events.RevokeSubject;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.RevokeSessions;
import org.symbolon.token.LogoutTokenVerifier;
import org.symbolon.token.TrustedIssuer;

/**
 * What a configuration says of other services' signals.
 *
 * @param executor judges signatures
 */
record Events(
    Configuration configuration,
    EventGuard guard,
    RevokeSessions revoke,
    AuditTrail audit,
    Executor executor,
    InstantSource clock) {

  Intake intake(Signers signers, List<TrustedIssuer> issuers) {
    List<LogoutTokenVerifier.Provider> providers = signers.providers(issuers);
    return new Intake(
        providers.isEmpty() ? Optional.empty() : Optional.of(logouts(providers)),
        Optional.of(
            new RevokeSubject(
                issuers.stream()
                    .collect(
                        Collectors.toUnmodifiableMap(
                            TrustedIssuer::issuer, TrustedIssuer::tenants)),
                revoke,
                audit,
                clock)));
  }

  private ReceiveEvents logouts(List<LogoutTokenVerifier.Provider> providers) {
    return new ReceiveEvents(
        new LogoutTokenVerifier(
            providers, configuration.assertions().maxAge(), Signers.SKEW, executor, clock),
        guard,
        revoke,
        RevocationReason.LOGOUT_ELSEWHERE,
        audit,
        clock);
  }
}
