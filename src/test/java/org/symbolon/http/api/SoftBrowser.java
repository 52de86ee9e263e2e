package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.proof.SoftDevice;

/**
 * A browser as the W3C draft of Device Bound Session Credentials draws one: keeps cookies,
 * registers a key when it is asked to, and proves it before a request that lacks the bound cookie.
 * Fails where the service says something that a browser would pass over or end its session for.
 */
final class SoftBrowser {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_TRIES = 4;
  private static final Pattern OFFER =
      Pattern.compile("\\([A-Z0-9]+(?: [A-Z0-9]+)*\\);path=\"([^\"]+)\";challenge=\"([^\"]+)\"");
  private static final Pattern CHALLENGE = Pattern.compile("\"([^\"]+)\";id=\"([^\"]+)\"");

  private int port;
  private final SoftDevice device = SoftDevice.ec();
  private final Map<String, Cookie> jar = new LinkedHashMap<>();
  private final List<String> proofs = new ArrayList<>();
  private Optional<Bound> bound = Optional.empty();
  private String challenge = "";

  /**
   * A cookie in the jar.
   *
   * @param attributes those that tell cookies apart, sorted
   */
  private record Cookie(String value, String attributes) {}

  /** What the service told of the session. */
  private record Bound(String id, String refresh, String scope, String cookie, String attributes) {}

  SoftBrowser(int port) {
    this.port = port;
  }

  Answer logIn(String subject) {
    return ask("POST /v1/login", "ok." + subject, "Content-Type: application/jwt");
  }

  /** Asks for something, with a new proof before where the session's bound cookie is missing. */
  Answer ask(String line, String body, String... fields) {
    if (bound.filter(this::lacksCookie).isPresent()) {
      refresh();
    }
    return take(send(line, List.of(fields), body));
  }

  Answer ask(String line) {
    return ask(line, "");
  }

  private Answer send(String line, List<String> fields, String body) {
    List<String> all = new ArrayList<>(fields);
    if (!jar.isEmpty()) {
      all.add(
          jar.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue().value())
              .collect(Collectors.joining("; ", "Cookie: ", "")));
    }
    return Wire.call(port, line, all, body);
  }

  private boolean lacksCookie(Bound session) {
    Cookie cookie = jar.get(session.cookie());
    return cookie == null || !cookie.attributes().equals(session.attributes());
  }

  private Answer take(Answer answer) {
    answer.all("Set-Cookie").forEach(this::set);
    answer.all("Clear-Site-Data").forEach(this::clear);
    List<String> challenges = answer.all("Secure-Session-Challenge");
    for (String value : challenges) {
      Matcher matcher = CHALLENGE.matcher(value);
      assertThat(matcher.matches()).as(value).isTrue();
      assertThat(matcher.group(2)).isEqualTo(bound.orElseThrow().id());
      challenge = matcher.group(1);
    }
    for (String offer : answer.all("Secure-Session-Registration")) {
      Matcher matcher = OFFER.matcher(offer);
      assertThat(matcher.matches()).as(offer).isTrue();
      register(matcher.group(1), matcher.group(2));
    }
    return answer;
  }

  private void set(String line) {
    String[] parts = line.split("; ", -1);
    String name = parts[0].substring(0, parts[0].indexOf('='));
    if (Arrays.asList(parts).contains("Max-Age=0")) {
      jar.remove(name);
    } else {
      String value = parts[0].substring(name.length() + 1);
      jar.put(name, new Cookie(value, sorted(line.substring(parts[0].length()))));
    }
  }

  /** Those by which the draft has browsers match a cookie with its credential. */
  private static String sorted(String attributes) {
    return Arrays.stream(attributes.split(";", -1))
        .map(String::strip)
        .filter(a -> !a.isEmpty() && !a.startsWith("Max-Age=") && !a.startsWith("Expires="))
        .collect(Collectors.toCollection(TreeSet::new))
        .toString();
  }

  private void clear(String what) {
    if (what.contains("\"cookies\"")) {
      jar.clear();
    }
    if (what.contains("\"cookies\"") || what.contains("\"storage\"")) {
      forget();
    }
  }

  private void forget() {
    bound = Optional.empty();
    challenge = "";
  }

  private void register(String path, String offered) {
    proofs.add("register");
    Answer answer =
        send(
            "POST " + pathOf(path),
            List.of("Secure-Session-Response: " + device.registration(offered)),
            "");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    learn(answer);
    if (bound.orElseThrow().scope().contains("\"include_site\":true")) {
      lookUp(path.substring(0, path.length() - pathOf(path).length()));
    }
  }

  /** One port of this machine stands for all hosts of a site. */
  private static String pathOf(String address) {
    return address.replaceFirst("^https://[^/]+", "");
  }

  /** Asks the site, without cookies, whether an origin may register sessions for all of it. */
  private void lookUp(String origin) {
    Answer known = Wire.call(port, "GET /.well-known/device-bound-sessions", List.of(), "");
    assertThat(known.status()).isEqualTo(200);
    assertThat(read(known.body()).path("registering_origins").valueStream().map(JsonNode::asText))
        .contains(origin);
  }

  private void refresh() {
    Bound session = bound.orElseThrow();
    for (int i = 0; i < MOST_TRIES; i++) {
      List<String> fields = new ArrayList<>(List.of("Sec-Secure-Session-Id: " + session.id()));
      if (!challenge.isEmpty()) {
        fields.add("Secure-Session-Response: " + device.proof(challenge));
      }
      proofs.add(challenge.isEmpty() ? "ask" : "refresh");
      Answer answer = send("POST " + pathOf(session.refresh()), fields, "");
      if (answer.status() == 200) {
        learn(answer);
        return;
      }
      if (answer.status() >= 500) {
        return;
      }
      assertThat(answer.status()).as(answer.body()).isEqualTo(403);
      take(answer);
    }
    throw new AssertionError("too many challenges");
  }

  private void learn(Answer answer) {
    JsonNode json = read(answer.body());
    String id = json.path("session_identifier").asText();
    assertThat(id).isNotEmpty().isEqualTo(bound.map(Bound::id).orElse(id));
    if (!json.path("continue").asBoolean(true)) {
      forget();
      return;
    }
    assertThat(json.path("scope").path("include_site").isBoolean()).isTrue();
    assertThat(json.path("credentials")).hasSize(1);
    JsonNode credential = json.path("credentials").get(0);
    assertThat(credential.path("type").asText()).isEqualTo("cookie");
    String attributes = credential.path("attributes").asText();
    assertThat(attributes).doesNotContain("Max-Age", "Expires", "Partitioned");
    String name = credential.path("name").asText();
    bound =
        Optional.of(
            new Bound(
                id,
                json.path("refresh_url").asText(),
                json.path("scope").toString(),
                name,
                sorted(attributes)));
    take(answer);
    assertThat(lacksCookie(bound.get())).as("attributes told otherwise than set").isFalse();
  }

  private static JsonNode read(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError(body, e);
    }
  }

  /** Goes on with another node. */
  void moveTo(int another) {
    port = another;
  }

  /** Lets the bound cookie end. */
  void expire() {
    assertThat(jar.remove(bound.orElseThrow().cookie())).isNotNull();
  }

  /** Lets every cookie end. */
  void expireAll() {
    jar.clear();
  }

  /** The scope as the service told it. */
  String scope() {
    return bound.orElseThrow().scope();
  }

  /** Loses the challenge that it keeps, as a browser does that is started anew. */
  void loseChallenge() {
    challenge = "";
  }

  /** Keeps another session's or an earlier challenge; gives the one before. */
  String keep(String other) {
    String before = challenge;
    challenge = other;
    return before;
  }

  boolean isBound() {
    return bound.isPresent();
  }

  boolean holds(String cookie) {
    return jar.containsKey(cookie);
  }

  /**
   * Its requests for proofs so far: {@code register}, {@code ask} (without one), {@code refresh}.
   */
  List<String> proofs() {
    List<String> all = List.copyOf(proofs);
    proofs.clear();
    return all;
  }
}
