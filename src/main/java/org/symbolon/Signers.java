package org.symbolon;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.config.Configuration;
import org.symbolon.config.EventsConfig;
import org.symbolon.config.IssuerConfig;
import org.symbolon.config.OperatorConfig;
import org.symbolon.config.ServiceConfig;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Operators;
import org.symbolon.session.Services;
import org.symbolon.session.Tenant;
import org.symbolon.token.Credential;
import org.symbolon.token.JwksEndpoint;
import org.symbolon.token.JwksFile;
import org.symbolon.token.JwksSource;
import org.symbolon.token.LogoutTokenVerifier;
import org.symbolon.token.OperatorCertificates;
import org.symbolon.token.ProofRules;
import org.symbolon.token.SecurityEventVerifier;
import org.symbolon.token.SigningBackend;
import org.symbolon.token.TrustedIssuer;

/** Whose signatures and keys are believed, as a configuration names them. */
final class Signers {
  static final Duration SKEW = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Signers.class);

  private final Configuration configuration;
  private final InstantSource clock;

  Signers(Configuration configuration, InstantSource clock) {
    this.configuration = configuration;
    this.clock = clock;
  }

  ProofRules rules() {
    Configuration.Assertions assertions = configuration.assertions();
    return new ProofRules(Set.of(assertions.audience()), assertions.maxAge(), SKEW, Set.of("JWT"));
  }

  List<TrustedIssuer> issuers() {
    List<TrustedIssuer> issuers = new ArrayList<>();
    for (IssuerConfig issuer : configuration.issuers()) {
      issuers.add(
          new TrustedIssuer(
              issuer.issuer(),
              Set.copyOf(issuer.algorithms()),
              keys(issuer.jwks()),
              issuer.tenants().isEmpty()
                  ? new TrustedIssuer.Fixed(new Tenant(issuer.tenant()))
                  : new TrustedIssuer.Claimed(tenants(issuer.tenants())),
              new ClientClass(issuer.clientClass())));
    }
    return issuers;
  }

  /** Those of them whose logout tokens are taken. */
  List<LogoutTokenVerifier.Provider> providers(List<TrustedIssuer> issuers) {
    List<LogoutTokenVerifier.Provider> providers = new ArrayList<>();
    for (IssuerConfig issuer : configuration.issuers()) {
      issuer
          .logoutAudience()
          .ifPresent(
              audience ->
                  issuers.stream()
                      .filter(trusted -> trusted.issuer().equals(issuer.issuer()))
                      .map(trusted -> new LogoutTokenVerifier.Provider(trusted, audience))
                      .forEach(providers::add));
    }
    return providers;
  }

  List<SecurityEventVerifier.Transmitter> transmitters() {
    List<SecurityEventVerifier.Transmitter> transmitters = new ArrayList<>();
    for (EventsConfig events : configuration.events()) {
      transmitters.add(
          new SecurityEventVerifier.Transmitter(
              events.issuer(),
              Set.copyOf(events.algorithms()),
              keys(events.jwks()),
              events.audience(),
              tenants(events.tenants()),
              Set.copyOf(events.subjects())));
    }
    return transmitters;
  }

  List<Credential> credentials() {
    List<Credential> credentials = new ArrayList<>();
    for (ServiceConfig service : configuration.services()) {
      service
          .secretSha256()
          .ifPresent(
              hash ->
                  credentials.add(
                      new Credential(
                          service.name(),
                          hash.toLowerCase(Locale.ROOT),
                          scopes(service),
                          tenants(service.tenants()),
                          roles(service.roles()))));
    }
    return credentials;
  }

  List<SigningBackend> backends() {
    List<SigningBackend> backends = new ArrayList<>();
    for (ServiceConfig service : configuration.services()) {
      service
          .jwks()
          .ifPresent(
              jwks ->
                  backends.add(
                      new SigningBackend(
                          service.name(),
                          keys(jwks),
                          Set.of("ES256", "ES384", "RS256", "PS256", "EdDSA"),
                          scopes(service),
                          tenants(service.tenants()),
                          roles(service.roles()))));
    }
    return backends;
  }

  private JwksSource keys(String jwks) {
    if (!jwks.startsWith("https:")) {
      JwksFile file = new JwksFile(Path.of(jwks));
      file.obstacle()
          .ifPresent(
              obstacle -> {
                throw new IllegalArgumentException("jwks: " + obstacle);
              });
      return file;
    }
    JwksEndpoint.Fetching usual = JwksEndpoint.Fetching.DEFAULT;
    JwksEndpoint endpoint =
        new JwksEndpoint(
            URI.create(jwks),
            new JwksEndpoint.Fetching(
                usual.refresh(), usual.pause(), configuration.assertions().privateJwksAddresses()),
            clock);
    Thread _ =
        Thread.ofVirtual()
            .start(
                () ->
                    endpoint
                        .obstacle()
                        .ifPresent(
                            obstacle ->
                                LOG.error("jwks: nothing is believed of it: {}", obstacle)));
    return endpoint;
  }

  private static Set<Services.Scope> scopes(ServiceConfig service) {
    return service.scopes().stream()
        .map(scope -> Services.Scope.valueOf(scope.toUpperCase(Locale.ROOT)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Those who show certificates on the admin listener. */
  Operators operators() {
    Map<String, Services.Service> operators = new HashMap<>();
    for (OperatorConfig operator : configuration.operators()) {
      operators.put(
          operator.certificate(),
          new Services.Service(
              operator.name(),
              Set.of(Services.Scope.ADMIN),
              tenants(operator.tenants()),
              roles(operator.roles())));
    }
    return new OperatorCertificates(operators, clock);
  }

  private static Set<Services.Role> roles(List<String> names) {
    return names.stream()
        .map(name -> Services.Role.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<Tenant> tenants(List<String> names) {
    return names.stream().map(Tenant::new).collect(Collectors.toUnmodifiableSet());
  }
}
