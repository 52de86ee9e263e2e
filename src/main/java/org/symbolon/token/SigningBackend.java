package org.symbolon.token;

import java.util.Set;
import org.symbolon.session.Services;
import org.symbolon.session.Tenant;

/**
 * A backend that signs a JWT for each request.
 *
 * @param id its {@code iss} and {@code sub}: 1 to 64 characters of {@code [A-Za-z0-9_-]}
 * @param algorithms those its signatures may have, as for {@link TrustedIssuer}
 * @param tenants those it may act for; all where empty
 * @param roles on the admin listener
 */
public record SigningBackend(
    String id,
    JwksSource keys,
    Set<String> algorithms,
    Set<Services.Scope> scopes,
    Set<Tenant> tenants,
    Set<Services.Role> roles) {
  /**
   * @throws IllegalArgumentException for another shape; the message names the field
   */
  public SigningBackend {
    Credential.checkId(id);
    algorithms = Algorithms.allowed(algorithms);
    scopes = Set.copyOf(scopes);
    tenants = Set.copyOf(tenants);
    roles = Set.copyOf(roles);
  }
}
