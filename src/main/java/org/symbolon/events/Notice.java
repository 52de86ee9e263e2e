package org.symbolon.events;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/**
 * What a genuine signed event says.
 *
 * @param sender its {@code iss}
 * @param jti its name, of which the sender has no second
 * @param until from when on it is refused for its age anyway
 * @param tenants whose sessions of the subject are meant, at least one
 * @param subject empty where it is about nobody
 * @param upTo when the sessions that are meant were issued at the latest: the event's own time, and
 *     as much as clocks may be off
 */
public record Notice(
    String sender,
    String jti,
    Instant until,
    Kind kind,
    Set<Tenant> tenants,
    Optional<Subject> subject,
    Instant upTo) {

  /** What has happened there. */
  public enum Kind {
    /** The subject has logged out (OpenID Connect Back-Channel Logout 1.0). */
    LOGOUT,
    /** A session of the subject was revoked (CAEP 1.0 section 3.1). */
    SESSION_REVOKED,
    /** A credential of the subject was made, changed or taken away (CAEP 1.0 section 3.3). */
    CREDENTIAL_CHANGE,
    /** The subject's account was disabled (RISC 1.0 section 2.4). */
    ACCOUNT_DISABLED,
    /** Nothing: the transmitter shows that it reaches us (SSF 1.0 section 8.1.4). */
    VERIFICATION,
    /** What nothing follows from here. */
    OTHER;

    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Notice {
    tenants = Set.copyOf(tenants);
  }
}
