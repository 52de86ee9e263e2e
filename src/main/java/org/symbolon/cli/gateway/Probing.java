package org.symbolon.cli.gateway;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Probes a deployment from outside with one session of a test user, which it ends. */
final class Probing {
  /**
   * Where to look.
   *
   * @param page a page of the application that needs a session
   * @param echo one that answers with the fields of its request
   * @param cacheable one that shared caches may keep
   * @param missing one that there isn't
   * @param plaintextPort the port that should send on to TLS
   */
  record Pages(
      String cookie,
      String page,
      Optional<String> echo,
      Optional<String> cacheable,
      String missing,
      int plaintextPort) {
    /** A request's fields, with a session's cookie. */
    String[] with(String id, String... fields) {
      List<String> all = new ArrayList<>(List.of("Cookie", cookie + "=" + id));
      all.addAll(List.of(fields));
      return all.toArray(String[]::new);
    }
  }

  /**
   * A session to probe with.
   *
   * @param offersKey whether its login had a browser make a key for it
   */
  record Login(String id, boolean offersKey) {}

  private static final String REACH =
      "pass on the Set-Cookie of an allowed answer: nginx auth_request_set and add_header ..."
          + " always, Caddy copy_response_headers, HAProxy http-after-response, Traefik"
          + " addAuthCookiesToResponse, Envoy allowed_client_headers_on_success";
  private static final Duration BOUND = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Site site;
  private final Pages pages;
  private final List<Finding> findings = new ArrayList<>();

  Probing(Site site, Pages pages) {
    this.site = site;
    this.pages = pages;
  }

  private String[] with(String id, String... fields) {
    return pages.with(id, fields);
  }

  private void found(String probe, boolean isGood, String what, String wrong, String mend) {
    findings.add(Finding.of(probe, isGood, what, wrong, mend));
  }

  /** All probes of a service that runs; the session's ID is of no use afterwards. */
  List<Finding> all(Login login) throws IOException, InterruptedException {
    String id = login.id();
    letsIn(id);
    refuses();
    findings.addAll(new Claims(site, pages).probe(id));
    body(id);
    inside(id);
    deviceKeys(login.offersKey());
    String current = rotates(id);
    ends(current);
    plaintext();
    return findings;
  }

  private void letsIn(String id) throws IOException, InterruptedException {
    int status = site.get(pages.page(), with(id)).statusCode();
    found(
        "valid",
        status != 401 && status != 403 && status < 500,
        "a session is let in",
        "a good session is answered " + status,
        "have the gateway ask the Symbolon that you log in at, and its address in trust.addresses");
  }

  private void refuses() throws IOException, InterruptedException {
    refused("no-cookie", site.get(pages.page(), "Cookie", "check=1"), "without a session");
    refused("junk-cookie", site.get(pages.page(), with("junk")), "with a junk session ID");
  }

  private void refused(String probe, HttpResponse<String> answer, String whom) {
    int status = answer.statusCode();
    found(
        probe,
        isRefusal(status),
        "whoever comes " + whom + " is refused",
        "whoever comes " + whom + " is answered " + status,
        "have the gateway ask before each request of " + pages.page() + ", and pass on the 401");
  }

  private void body(String id) throws IOException, InterruptedException {
    int status = site.post(pages.page(), "x".repeat(1000), with(id)).statusCode();
    found(
        "body",
        status < 500,
        "a request with a body is let in",
        "a request with a body is answered " + status,
        "ask Symbolon without the body and without its Content-Length");
  }

  private void inside(String id) throws IOException, InterruptedException {
    List<String> exposed = new ArrayList<>();
    for (String path : List.of("/v1/introspect", "/v1/sessions")) {
      if (site.post(path, "{}", with(id)).body().contains("urn:symbolon:problem:")) {
        exposed.add(path);
      }
    }
    if (site.get("/gw/nginx/validate", with(id))
        .headers()
        .firstValue("X-Session-User")
        .isPresent()) {
      exposed.add("/gw/");
    }
    found(
        "inside",
        exposed.isEmpty(),
        "what backends and gateways ask is not to be reached",
        "reached from outside: " + String.join(", ", exposed),
        "hand on nothing of Symbolon but login, logout, session/refresh, session/csrf,"
            + " me/sessions, and /.session/dbsc/");
  }

  /** Browsers prove their keys to Symbolon itself, and take nearly any other answer for the end. */
  private void deviceKeys(boolean offersKey) throws IOException, InterruptedException {
    List<String> astray = new ArrayList<>();
    for (String path : List.of("/.session/dbsc/register", "/.session/dbsc/refresh")) {
      HttpResponse<String> answer = site.post(path, "", "Sec-Secure-Session-Id", "check");
      if (!answer.body().contains("urn:symbolon:problem:")) {
        astray.add(path + " is answered " + answer.statusCode());
      }
    }
    if (!offersKey && !astray.isEmpty()) {
      findings.add(
          Finding.skipped("device-keys", "no login offers a key, and " + astray.getFirst()));
      return;
    }
    found(
        "device-keys",
        astray.isEmpty(),
        "browsers can prove their keys",
        "Symbolon does not hear of browsers' keys: " + String.join(", ", astray),
        "hand on /.session/dbsc/register and refresh to Symbolon itself, with no question, redirect"
            + " or limiter before it");
  }

  /** Has a successor made that nobody has used, so that the next answers have to carry it. */
  private String rotates(String id) throws IOException, InterruptedException {
    HttpResponse<String> refreshed =
        site.post("/v1/session/refresh", "", with(id, "Origin", site.origin()));
    List<String> made = Site.cookies(refreshed, pages.cookie());
    if (refreshed.statusCode() != 200 || made.size() != 1) {
      found(
          "rotation",
          false,
          "",
          "/v1/session/refresh is answered "
              + refreshed.statusCode()
              + " with "
              + made.size()
              + " session cookies",
          "hand on /v1/session/refresh, with its Set-Cookie; trust.addresses must name the"
              + " gateway");
      return id;
    }
    String successor = Site.value(made.getFirst());
    carries("rotation", site.get(pages.page(), with(id)), successor, REACH);
    HttpResponse<String> error = site.get(pages.missing(), with(id));
    if (error.statusCode() < 400) {
      findings.add(
          Finding.skipped(
              "rotation-on-error",
              pages.missing()
                  + " is answered "
                  + error.statusCode()
                  + "; name one with --missing"));
    } else {
      carries(
          "rotation-on-error",
          error,
          successor,
          "add the cookie to errors too: nginx add_header ... always, and again in every location"
              + " that adds a header of its own");
    }
    HttpResponse<String> kept = site.get(pages.cacheable().orElse(pages.page()), with(id));
    String control =
        String.join(", ", kept.headers().allValues("Cache-Control")).toLowerCase(Locale.ROOT);
    found(
        "cacheable",
        Site.cookies(kept, pages.cookie()).isEmpty()
            || (control.contains("no-store") && !control.contains("public")),
        "no shared cache keeps a session cookie",
        "an answer with a session cookie has Cache-Control \"" + control + "\"",
        "set Cache-Control: private, no-store, and nothing else, where a cookie is added");
    return successor;
  }

  private void carries(String probe, HttpResponse<String> answer, String successor, String mend) {
    List<String> lines = Site.cookies(answer, pages.cookie());
    if (lines.size() != 1) {
      found(
          probe,
          false,
          "",
          "a rotated cookie does not reach the browser with a " + answer.statusCode(),
          mend);
      return;
    }
    String line = lines.getFirst();
    List<String> attributes = Site.attributes(line);
    boolean isWhole =
        Site.value(line).equals(successor)
            && attributes.containsAll(List.of("secure", "httponly", "path=/"))
            && attributes.stream().filter(a -> a.startsWith("samesite=")).count() == 1
            && (!line.startsWith("__Host-")
                || attributes.stream().noneMatch(a -> a.startsWith("domain=")))
            && !line.contains(",");
    found(
        probe,
        isWhole,
        "a rotated cookie reaches the browser with a " + answer.statusCode(),
        "the rotated cookie is rewritten on its way"
            + line.replaceFirst("^[^;]*", " to one with the attributes"),
        "let nothing change Set-Cookie: proxy_cookie_*, cookie rewriting, a joining proxy");
  }

  /** Logs out, and looks whether anybody remembers a verdict. */
  private void ends(String id) throws IOException, InterruptedException {
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> _ = site.get(pages.page(), with(id));
    }
    int out = site.post("/v1/logout", "", with(id, "Origin", site.origin())).statusCode();
    if (out != 204) {
      findings.add(
          Finding.fault(
              "verdict-cache",
              "/v1/logout is answered " + out,
              "hand on /v1/logout; trust.addresses must name the gateway"));
      return;
    }
    int status = untilRefused(id, BOUND).statusCode();
    found(
        "verdict-cache",
        isRefusal(status),
        "a session that has ended is refused",
        "a session that ended " + BOUND.toSeconds() + " s ago is answered " + status,
        "cache no answer of validate: nginx proxy_cache, ingress-nginx auth-cache-*, a Lambda"
            + " authorizer's TTL");
  }

  /**
   * Waits for a session's end by its deadline, and looks whether its cookie is taken back.
   *
   * @param id of a session that expires soon
   */
  List<Finding> expires(String id) throws IOException, InterruptedException {
    HttpResponse<String> answer = untilRefused(id, PATIENCE);
    int status = answer.statusCode();
    found(
        "expired",
        isRefusal(status) && Site.cookies(answer, pages.cookie()).stream().anyMatch(Site::deletes),
        "an expired session is refused, and its cookie is taken back",
        isRefusal(status)
            ? "the browser keeps the cookie of an expired session"
            : "a session that should have expired is answered " + status,
        isRefusal(status)
            ? "pass on the Set-Cookie of a refusal: nginx add_header ... always, also in the"
                + " location that a 401 is led to by error_page"
            : "name a class of at most " + PATIENCE.toSeconds() + " s, and cache no verdict");
    return List.of(findings.getLast());
  }

  private HttpResponse<String> untilRefused(String id, Duration longest)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    HttpResponse<String> answer = site.get(pages.page(), with(id));
    while (!isRefusal(answer.statusCode()) && System.nanoTime() < end) {
      Thread.sleep(100);
      answer = site.get(pages.page(), with(id));
    }
    return answer;
  }

  private static boolean isRefusal(int status) {
    return status == 401 || (status >= 300 && status < 400);
  }

  private void plaintext() throws IOException, InterruptedException {
    URI target =
        URI.create(
            "http://" + site.address().getHost() + ":" + pages.plaintextPort() + pages.page());
    try {
      HttpResponse<String> answer = site.send("GET", target, "", with("junk"));
      int status = answer.statusCode();
      boolean isSentOn =
          status >= 300
              && status < 400
              && answer.headers().firstValue("Location").orElse("").startsWith("https://");
      found(
          "plaintext",
          isSentOn && Site.cookies(answer, pages.cookie()).isEmpty(),
          "plaintext is sent on to TLS",
          "port " + pages.plaintextPort() + " answers " + status + " in plaintext",
          "redirect every plaintext request to https, and set no cookie there");
    } catch (ConnectException e) {
      findings.add(Finding.good("plaintext", "port " + pages.plaintextPort() + " is closed"));
    }
  }

  /** What happens while the service is away. */
  List<Finding> whileDown() throws IOException, InterruptedException {
    HttpResponse<String> answer = site.get(pages.page(), with("A".repeat(36)));
    int status = answer.statusCode();
    boolean isKept = Site.cookies(answer, pages.cookie()).isEmpty();
    found(
        "service-down",
        status == 503 && isKept && answer.headers().firstValue("Retry-After").isPresent(),
        "while the service is away the answer is 503",
        "while the service is away the answer is "
            + status
            + (isKept ? "" : " and takes the session cookie away"),
        status < 400
            ? "fail closed: nobody passes without a verdict"
            : "answer 503 with Retry-After: an outage is neither a logout nor a fault of the"
                + " application");
    return findings;
  }
}
