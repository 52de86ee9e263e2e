package org.symbolon.http;

import java.time.Duration;

/**
 * What a connection may cost.
 *
 * @param headDeadline from the connection, or the first byte of a further request, to the end of
 *     its header section
 * @param bodyDeadline from the end of the header section to the end of the body
 * @param idle how long a kept-alive connection may be silent; over HTTP/1 up to an eighth longer
 * @param requestLine bytes of a request line, its line end excluded
 * @param head bytes of a header section, line ends excluded
 * @param fields how many header fields
 * @param body bytes of a body
 */
public record Limits(
    Duration headDeadline,
    Duration bodyDeadline,
    Duration idle,
    int requestLine,
    int head,
    int fields,
    int body) {
  /** Those of listeners for operators and programs. */
  public static final Limits DEFAULT =
      new Limits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(75),
          4 * 1024,
          16 * 1024,
          100,
          16 * 1024);

  /** Those of the admin listener, where somebody may name thousands of subjects at once. */
  public static final Limits ADMIN =
      new Limits(
          DEFAULT.headDeadline,
          DEFAULT.bodyDeadline,
          DEFAULT.idle,
          DEFAULT.requestLine,
          DEFAULT.head,
          DEFAULT.fields,
          1024 * 1024);

  /** Those of a listener for browsers, whose sibling domains may set many cookies for it. */
  public static final Limits PUBLIC =
      new Limits(
          DEFAULT.headDeadline,
          DEFAULT.bodyDeadline,
          DEFAULT.idle,
          DEFAULT.requestLine,
          80 * 1024,
          200,
          DEFAULT.body);

  /**
   * @throws IllegalArgumentException where one is not positive; the message names it
   */
  public Limits {
    positive("headDeadline", headDeadline.toMillis());
    positive("bodyDeadline", bodyDeadline.toMillis());
    positive("idle", idle.toMillis());
    positive("requestLine", requestLine);
    positive("head", head);
    positive("fields", fields);
    positive("body", body);
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": more than nothing needed");
    }
  }

  /** The same with other deadlines. */
  public Limits withDeadlines(Duration ofHead, Duration ofBody) {
    return new Limits(ofHead, ofBody, idle, requestLine, head, fields, body);
  }
}
