package org.symbolon.session;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Binds sessions to keys that browsers hold and do not give away, and has them proved again and
 * again (W3C Device Bound Session Credentials). No stage ends in an exception.
 */
public interface DeviceSessions {
  /** The fields of a reply that offer to bind the session; none where the policy is off. */
  Map<String, String> offer(Session session);

  /**
   * What {@code /.well-known/device-bound-sessions} of the site has to say, in JSON; empty where
   * sessions are of one origin.
   */
  Optional<String> wellKnown();

  /** Takes a browser's key: the first one for the session, by the challenge of an offer. */
  CompletionStage<Answer> register(Request request);

  /** Takes a new proof of the session's key; needs no cookie. */
  CompletionStage<Answer> refresh(Request request);

  /**
   * What the browser sent.
   *
   * @param endpoint the URL it was sent to
   */
  record Request(Fields fields, String endpoint, Presenter presenter) {}

  /** A request's header fields. */
  @FunctionalInterface
  interface Fields {
    /** All values of a name. */
    List<String> of(String name);
  }

  /** The outcome. */
  sealed interface Answer permits Bound, Challenged, Over, Refused, Unavailable {}

  /**
   * Proved.
   *
   * @param json what the browser has to know of its session
   * @param cookie the proof's value, for a cookie of the session's device
   * @param age how long the browser keeps it
   */
  record Bound(Map<String, String> fields, String json, SecretText cookie, Duration age)
      implements Answer {}

  /** The browser is to sign the challenge in these fields, and send it. */
  record Challenged(Map<String, String> fields) implements Answer {}

  /** There is no such session any more: the browser is to forget its key. */
  record Over(String json) implements Answer {}

  /**
   * Not believed.
   *
   * @param field the header field, parameter or claim at fault
   */
  record Refused(String field, String mend) implements Answer {}
}
