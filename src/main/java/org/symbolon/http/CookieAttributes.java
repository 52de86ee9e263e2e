package org.symbolon.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;

/**
 * How the session cookie is set (RFC 6265bis section 4.1).
 *
 * @param persistent kept by the browser up to the absolute deadline, else for the browser's session
 * @param domain all of whose hosts get the cookie; only the host that set it where empty
 */
public record CookieAttributes(
    String name, boolean secure, SameSite sameSite, boolean persistent, Optional<String> domain) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** The strictest that still lets links from elsewhere arrive logged in. */
  public static final CookieAttributes DEFAULT =
      new CookieAttributes("__Host-sid", true, SameSite.LAX, false);

  /** One of the host alone that set it. */
  public CookieAttributes(String name, boolean secure, SameSite sameSite, boolean persistent) {
    this(name, secure, sameSite, persistent, Optional.empty());
  }

  /** With which requests of other sites the browser sends it. */
  public enum SameSite {
    STRICT("Strict"),
    LAX("Lax"),
    NONE("None");

    private final String text;

    SameSite(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * @throws IllegalArgumentException where browsers would refuse the cookie; the message names the
   *     mend
   */
  public CookieAttributes {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "cookie name: 1 to 64 characters of A-Z a-z 0-9 _ - needed");
    }
    if (!secure && (name.startsWith("__Host-") || name.startsWith("__Secure-"))) {
      throw new IllegalArgumentException(
          "cookie name: a name with " + name.substring(0, name.indexOf('-') + 1) + " needs Secure");
    }
    if (domain.isPresent() && name.startsWith("__Host-")) {
      throw new IllegalArgumentException("cookie name: a name with __Host- can't have a Domain");
    }
    if (!secure && sameSite == SameSite.NONE) {
      throw new IllegalArgumentException("cookie SameSite: None needs Secure");
    }
  }

  /** Carries a session's ID to the browser. */
  public SetCookie carrying(SecretText id, Session session) {
    String age =
        persistent
            ? "; Max-Age=" + Duration.between(now(session), session.absoluteDeadline()).toSeconds()
            : "";
    return line(id.reveal(), age);
  }

  /** When the store last wrote of the session, which a new ID has it do. */
  private static Instant now(Session session) {
    return session.lastSeenAt().isAfter(session.rotatedAt())
        ? session.lastSeenAt()
        : session.rotatedAt();
  }

  /** Makes the browser forget it. */
  public SetCookie cleared() {
    return line("", "; Max-Age=0");
  }

  /** The cookie beside it that shows a proof of the session's key. */
  public String boundName() {
    return name + "_bound";
  }

  /**
   * Carries a proof of the session's key to the browser.
   *
   * @param age how long the browser keeps it
   */
  public SetCookie bound(SecretText proof, Duration age) {
    return line(boundName(), proof.reveal(), "; Max-Age=" + age.toSeconds());
  }

  /** All attributes but {@code Max-Age}, of both cookies. */
  public String attributes() {
    return "Path=/"
        + (secure ? "; Secure" : "")
        + "; HttpOnly; SameSite="
        + sameSite.text()
        + domain.map(name -> "; Domain=" + name).orElse("");
  }

  private SetCookie line(String value, String age) {
    return line(name, value, age);
  }

  private SetCookie line(String which, String value, String age) {
    String line = which + "=" + value + "; " + attributes() + age;
    return new SetCookie(new SecretText(line), secure, true, sameSite.text());
  }
}
