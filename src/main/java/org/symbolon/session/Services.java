package org.symbolon.session;

import java.util.Locale;
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
    /** End a subject's sessions, named by a subject identifier. */
    REVOKE,
    /** Ask for the events of a stream. */
    EVENTS,
    ADMIN
  }

  /** What an operator may do on the admin listener. */
  enum Role {
    /** Look. */
    VIEWER,
    /** End sessions; plan, start, pause, resume, abort and unfence campaigns. */
    OPERATOR,
    /** Approve what somebody else has planned. */
    APPROVER,
    /** All of it, and end all sessions of a tenant or all there are. */
    ADMIN,
    /** Start a campaign that nobody has approved, for a stated reason; no other role covers it. */
    BREAK_GLASS;

    /** True where whoever has this one may do what the other is needed for. */
    public boolean covers(Role needed) {
      return this == needed
          || (this == ADMIN && needed != BREAK_GLASS)
          || (this != BREAK_GLASS && needed == VIEWER);
    }

    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The outcome. */
  sealed interface Caller permits Service, Unknown, Unavailable {}

  /**
   * A known backend, or an operator.
   *
   * @param tenants those it may act for; all where empty
   * @param roles on the admin listener
   */
  record Service(String name, Set<Scope> scopes, Set<Tenant> tenants, Set<Role> roles)
      implements Caller {
    public Service {
      scopes = Set.copyOf(scopes);
      tenants = Set.copyOf(tenants);
      roles = Set.copyOf(roles);
    }

    public boolean has(Role role) {
      return roles.stream().anyMatch(own -> own.covers(role));
    }

    public boolean mayActForAll() {
      return tenants.isEmpty();
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
