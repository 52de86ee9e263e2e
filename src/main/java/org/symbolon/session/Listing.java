package org.symbolon.session;

import java.util.List;

/** The outcome of asking for a subject's sessions. */
public sealed interface Listing permits Listing.Sessions, Unavailable {
  /** The live ones, the oldest first. */
  record Sessions(List<Session> sessions) implements Listing {}
}
