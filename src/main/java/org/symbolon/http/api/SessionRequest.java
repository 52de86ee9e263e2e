package org.symbolon.http.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.symbolon.http.Addresses;
import org.symbolon.http.Exchange;
import org.symbolon.http.Members;
import org.symbolon.http.RefusedRequest;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.SecretText;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/**
 * What a backend asks for.
 *
 * @param userAgent the end user's, empty if not told
 * @param address the end user's, empty if not told
 * @param replaces the session ID that the user presented to the backend
 */
record SessionRequest(
    Tenant tenant,
    Subject subject,
    Authentication authentication,
    ClientClass clientClass,
    Attributes attributes,
    String userAgent,
    String address,
    Optional<SecretText> replaces) {
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);
  private static final List<String> MEMBERS =
      List.of(
          "subject",
          "tenant",
          "attributes",
          "auth_time",
          "acr",
          "amr",
          "client_class",
          "user_agent",
          "address",
          "replaces");

  /**
   * Reads a body.
   *
   * @throws RefusedRequest where a member is unknown, missing or wrong
   */
  static SessionRequest read(ObjectNode body, Instant now) {
    Members members = new Members(body, MEMBERS);
    return new SessionRequest(
        tenant(members),
        subject(members),
        new Authentication(time(members, now), acr(members), amr(members)),
        clientClass(members),
        attributes(members),
        Exchange.cut(members.text("user_agent").orElse("")),
        address(members),
        members.text("replaces").map(SecretText::new));
  }

  private static Subject subject(Members members) {
    String text = members.requiredText("subject");
    require(Subject.isValid(text), "subject", "Send 1 to 255 visible ASCII characters");
    return new Subject(text);
  }

  private static Tenant tenant(Members members) {
    String text = members.text("tenant").orElse(Tenant.DEFAULT.value());
    require(Tenant.isValid(text), "tenant", "Send 1 to 64 characters of A-Z a-z 0-9 . _ -");
    return new Tenant(text);
  }

  static Instant time(Members members, Instant now) {
    Optional<Long> seconds = members.integer("auth_time");
    if (seconds.isEmpty()) {
      return Instant.ofEpochSecond(now.getEpochSecond());
    }
    long latest = now.plus(CLOCK_SKEW).getEpochSecond();
    if (seconds.get() > latest) {
      throw Members.refused(
          "auth_time", "is in the future", "Send seconds since 1970; check the clocks");
    }
    require(seconds.get() >= 0, "auth_time", "Send seconds since 1970");
    return Instant.ofEpochSecond(seconds.get());
  }

  static String acr(Members members) {
    String acr = members.text("acr").orElse("");
    require(Authentication.isValidAcr(acr), "acr", "Send at most 64 visible ASCII characters");
    return acr;
  }

  static List<String> amr(Members members) {
    List<String> amr = members.texts("amr");
    require(
        Authentication.isValidAmr(amr),
        "amr",
        "Send at most 8 names of 1 to 16 visible ASCII characters without commas");
    return amr;
  }

  private static ClientClass clientClass(Members members) {
    String text = members.text("client_class").orElse(ClientClass.BROWSER.value());
    require(ClientClass.isValid(text), "client_class", "Send 1 to 32 characters of a-z 0-9 -");
    return new ClientClass(text);
  }

  private static Attributes attributes(Members members) {
    try {
      return new Attributes(members.map("attributes"));
    } catch (IllegalArgumentException e) {
      throw Members.refused(
          "attributes",
          "are too large",
          "Send names of 1 to 64 characters and at most 1024 bytes together");
    }
  }

  static String address(Members members) {
    String text = members.text("address").orElse("");
    if (text.isEmpty()) {
      return "";
    }
    return Addresses.parse(text)
        .map(Addresses::text)
        .orElseThrow(
            () -> Members.refused("address", "is no IP address", "Send an IPv4 or IPv6 address"));
  }

  private static void require(boolean valid, String name, String mend) {
    if (!valid) {
      throw Members.refused(name, "has another shape", mend);
    }
  }
}
