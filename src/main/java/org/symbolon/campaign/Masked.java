package org.symbolon.campaign;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.symbolon.session.Session;

/**
 * A session as people may see it who need not know whose it is: the subject is cut, its handle
 * finds the rest in the audit trail.
 */
public record Masked(
    String handle,
    String tenant,
    String subject,
    String clientClass,
    String browser,
    String platform,
    String acr,
    String amr,
    Instant issuedAt,
    Instant lastSeenAt) {

  static Masked of(Session session) {
    return new Masked(
        session.handle().toString(),
        session.tenant().value(),
        mask(session.subject().value()),
        session.clientClass().value(),
        session.device().browser().name().toLowerCase(Locale.ROOT),
        session.device().platform().name().toLowerCase(Locale.ROOT),
        session.authentication().acr(),
        String.join(",", session.authentication().amr()),
        session.issuedAt(),
        session.lastSeenAt());
  }

  /** A quarter of it, two characters at most, so that a short name is no more than begun. */
  static String mask(String subject) {
    return subject.substring(0, Math.min(2, subject.length() / 4)) + "***";
  }

  List<String> parts() {
    return List.of(
        handle,
        tenant,
        subject,
        clientClass,
        browser,
        platform,
        acr,
        amr,
        issuedAt.toString(),
        lastSeenAt.toString());
  }

  static Masked of(List<String> parts) {
    return new Masked(
        parts.get(0),
        parts.get(1),
        parts.get(2),
        parts.get(3),
        parts.get(4),
        parts.get(5),
        parts.get(6),
        parts.get(7),
        Instant.parse(parts.get(8)),
        Instant.parse(parts.get(9)));
  }
}
