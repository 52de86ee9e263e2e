package org.symbolon.events;

/** Whom a signal is about, in the formats that can be told here (RFC 9493 section 3.2). */
public sealed interface SubjectId {
  /** The {@code sub} by which an issuer knows them. */
  record IssSub(String iss, String sub) implements SubjectId {}

  /** The name of the subject here. */
  record Opaque(String id) implements SubjectId {}
}
