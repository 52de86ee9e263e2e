package org.symbolon.session;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that happened. Holds no ID and no secret: a session goes by its handle.
 *
 * @param at the node's clock
 * @param detail further facts by name; values of at most 256 characters
 */
public record AuditEvent(
    Instant at,
    Action action,
    Optional<Tenant> tenant,
    Optional<Subject> subject,
    Optional<Handle> handle,
    Presenter presenter,
    Map<String, String> detail) {

  public enum Action {
    SESSION_ISSUED("session.issued"),
    SESSION_REJECTED("session.rejected"),
    SESSION_REVOKED("session.revoked"),
    SESSION_EVICTED("session.evicted"),
    SUBJECT_REVOKED("subject.revoked"),
    SESSION_REUSED("session.reused"),
    SESSION_REISSUED("session.reissued"),
    SESSION_ELEVATED("session.elevated"),
    LOGIN_REFUSED("login.refused");

    private final String code;

    Action(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  public AuditEvent {
    detail = Map.copyOf(detail);
  }
}
