package org.symbolon.session;

import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Knows the backends that may ask for sessions, introspect, or administer. */
public interface Services {
  /**
   * Authenticates a backend by a bearer key or a signed assertion ({@code private_key_jwt}, OpenID
   * Connect Core section 9).
   */
  CompletionStage<Caller> authenticate(SecretText credential);

  /** What a backend may do. */
  enum Scope {
    ISSUE,
    INTROSPECT,
    ADMIN
  }

  /** The outcome. */
  sealed interface Caller permits Service, Unknown, Unavailable {}

  /**
   * A known backend.
   *
   * @param tenants those it may act for; all where empty
   */
  record Service(String name, Set<Scope> scopes, Set<Tenant> tenants) implements Caller {
    public Service {
      scopes = Set.copyOf(scopes);
      tenants = Set.copyOf(tenants);
    }

    public boolean mayActFor(Tenant tenant) {
      return tenants.isEmpty() || tenants.contains(tenant);
    }
  }

  /**
   * Not believed.
   *
   * @param mend what the caller has to change
   */
  record Unknown(String mend) implements Caller {}
}
