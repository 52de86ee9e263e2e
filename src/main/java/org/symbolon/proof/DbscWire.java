package org.symbolon.proof;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.symbolon.session.DeviceSessions.Fields;

/**
 * How Device Bound Session Credentials look on the wire: the names, the fields and the JSON, and
 * nothing of them anywhere else. The draft of W3C moves; this is what Chromium 156 speaks.
 */
final class DbscWire {
  static final String REGISTER = "/.session/dbsc/register";
  static final String REFRESH = "/.session/dbsc/refresh";
  static final String PROOF = "Secure-Session-Response";
  static final String SESSION = "Sec-Secure-Session-Id";
  static final ProofJwt.Form FORM =
      new ProofJwt.Form(new JOSEObjectType("dbsc+jwt"), Set.of(DeviceKey.ES256, DeviceKey.RS256));
  private static final Pattern ITEM =
      Pattern.compile("[ \\t]*+(?:\"([^\"]++)\"|([^\";, \\t]++))[ \\t]*+(?:;.*)?");
  private static final String REGISTRATION = "Secure-Session-Registration";
  private static final String CHALLENGE = "Secure-Session-Challenge";

  private final String cookieName;
  private final String cookieAttributes;
  private final Optional<DbscSite> site;

  /**
   * @param cookieAttributes all attributes of the bound cookie but {@code Max-Age}, byte for byte
   *     as its {@code Set-Cookie} has them: where they differ, browsers prove the key at every
   *     request
   * @param site empty where sessions are of one origin
   */
  DbscWire(String cookieName, String cookieAttributes, Optional<DbscSite> site) {
    this.cookieName = cookieName;
    this.cookieAttributes = cookieAttributes;
    this.site = site;
  }

  /** A path here, whichever host of the site it is told from. */
  private String address(String path) {
    return site.map(whole -> whole.origin() + path).orElse(path);
  }

  /** Asks the browser to make a key; a List of Inner Lists (RFC 9651). */
  Map<String, String> offer(String challenge) {
    return Map.of(
        REGISTRATION,
        "(ES256 RS256);path=\"" + address(REGISTER) + "\";challenge=\"" + challenge + "\"");
  }

  /** Asks the browser to sign, now or when it next proves its key. */
  static Map<String, String> challenge(String challenge, String identifier) {
    return Map.of(CHALLENGE, "\"" + challenge + "\";id=\"" + identifier + "\"");
  }

  /** What the browser has to know of its session. */
  String config(String identifier) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("session_identifier", identifier);
    config.put("refresh_url", address(REFRESH));
    config.put("scope", scope());
    config.put(
        "credentials",
        List.of(Map.of("type", "cookie", "name", cookieName, "attributes", cookieAttributes)));
    return JSONObjectUtils.toJSONString(config);
  }

  private Map<String, Object> scope() {
    Map<String, Object> scope = new LinkedHashMap<>();
    site.ifPresent(whole -> scope.put("origin", whole.site()));
    scope.put("include_site", site.isPresent());
    return scope;
  }

  /** The file in which browsers look up who may register sessions for the whole site. */
  Optional<String> wellKnown() {
    return site.map(
        whole ->
            JSONObjectUtils.toJSONString(Map.of("registering_origins", List.of(whole.origin()))));
  }

  /** Tells the browser to forget its session and key. */
  static String over(String identifier) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("session_identifier", identifier);
    config.put("continue", false);
    return JSONObjectUtils.toJSONString(config);
  }

  /**
   * The value of a field that stands there once, a quoted string or bare as browsers send it; its
   * parameters are ignored. Empty for any other form.
   */
  static Optional<String> one(Fields fields, String name) {
    List<String> values = fields.of(name);
    if (values.size() != 1) {
      return Optional.empty();
    }
    Matcher matcher = ITEM.matcher(values.getFirst());
    return matcher.matches()
        ? Optional.of(matcher.group(1) == null ? matcher.group(2) : matcher.group(1))
        : Optional.empty();
  }
}
