package org.symbolon.token;

import java.util.Set;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Tenant;

/**
 * An issuer whose signed assertions log people in.
 *
 * @param issuer its {@code iss}, compared character by character
 * @param algorithms those its signatures may have, of RS256 to RS512, PS256 to PS512, ES256, ES384,
 *     ES512, EdDSA and Ed25519
 * @param clientClass of the sessions that come of its assertions
 */
public record TrustedIssuer(
    String issuer,
    Set<String> algorithms,
    JwksSource keys,
    Tenancy tenancy,
    ClientClass clientClass) {

  /** Which tenants an issuer speaks for. */
  public sealed interface Tenancy permits Fixed, Claimed {}

  /** One tenant; a claim {@code tenant} of another value is refused. */
  public record Fixed(Tenant tenant) implements Tenancy {}

  /** The one of several that the claim {@code tenant} names. */
  public record Claimed(Set<Tenant> allowed) implements Tenancy {
    /**
     * @throws IllegalArgumentException where none is allowed
     */
    public Claimed {
      allowed = Set.copyOf(allowed);
      if (allowed.isEmpty()) {
        throw new IllegalArgumentException("tenants: name at least one");
      }
    }
  }

  /** All tenants that it speaks for. */
  public Set<Tenant> tenants() {
    return switch (tenancy) {
      case Fixed(Tenant fixed) -> Set.of(fixed);
      case Claimed(var allowed) -> allowed;
    };
  }

  /**
   * @throws IllegalArgumentException where the name is empty or an algorithm can't be allowed
   */
  public TrustedIssuer {
    if (issuer.isBlank()) {
      throw new IllegalArgumentException("issuer: the value of iss is needed");
    }
    algorithms = Algorithms.allowed(algorithms);
  }
}
