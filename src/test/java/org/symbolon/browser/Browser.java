package org.symbolon.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A headless Chromium with a fresh profile (W3C WebDriver). Every name below {@code .test} is this
 * machine, and any certificate is accepted. Fails where chromium or chromedriver is missing.
 */
public final class Browser implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process driver;
  private final String session;

  /**
   * Starts one.
   *
   * @param further arguments of chromium
   */
  public Browser(Path profile, String... further) {
    try {
      driver = new ProcessBuilder("chromedriver", "--port=0").redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException("install chromium and chromium-driver", e);
    }
    String root = "http://127.0.0.1:" + port();
    JsonNode started = call("POST", URI.create(root + "/session"), capabilities(profile, further));
    session = root + "/session/" + started.path("sessionId").asText();
  }

  /**
   * Starts one that binds its sessions to keys (Device Bound Session Credentials), which it keeps
   * in software.
   *
   * @param pin the hash of the site's key: certificate errors switch the feature off
   */
  public static Browser binding(Path profile, String pin) {
    return new Browser(
        profile,
        "--enable-features=DeviceBoundSessions:RefreshQuota/false,"
            + "EnableBoundSessionCredentialsSoftwareKeysForManualTesting",
        "--ignore-certificate-errors-spki-list=" + pin);
  }

  private int port() {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = PORT.matcher(line);
        if (matcher.find()) {
          Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
          return Integer.parseInt(matcher.group(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("chromedriver did not start");
  }

  private static ObjectNode capabilities(Path profile, String... further) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode wanted = body.putObject("capabilities").putObject("alwaysMatch");
    wanted.put("browserName", "chrome");
    wanted.put("acceptInsecureCerts", true);
    ArrayNode arguments = wanted.putObject("goog:chromeOptions").putArray("args");
    arguments
        .add("--headless=new")
        .add("--no-sandbox")
        .add("--disable-gpu")
        .add("--disable-dev-shm-usage")
        .add("--no-first-run")
        .add("--disable-background-networking")
        .add("--host-resolver-rules=MAP *.test 127.0.0.1")
        .add("--user-data-dir=" + profile.toAbsolutePath());
    for (String argument : further) {
      arguments.add(argument);
    }
    return body;
  }

  /** Loads a page and waits for it. */
  public void open(String address) {
    JsonNode _ = command("POST", "/url", JSON.createObjectNode().put("url", address));
  }

  /** Runs the body of an async function in the page and gives its value. */
  public JsonNode run(String body) {
    ObjectNode script = JSON.createObjectNode();
    script.put(
        "script",
        "const done = arguments[arguments.length - 1];"
            + "(async () => {"
            + body
            + "})().then(v => done({value: v}), e => done({error: String(e)}));");
    script.putArray("args");
    JsonNode result = command("POST", "/execute/async", script);
    if (result.has("error")) {
      throw new IllegalStateException(result.get("error").asText());
    }
    return result.path("value");
  }

  /** A cookie in the jar, HttpOnly or not, whatever page is open. */
  public Optional<JsonNode> cookie(String name) {
    for (JsonNode cookie : cookies()) {
      if (cookie.path("name").asText().equals(name)) {
        return Optional.of(cookie);
      }
    }
    return Optional.empty();
  }

  /** The whole jar, as the DevTools protocol gives it. */
  public List<JsonNode> cookies() {
    return devTools("Network.getAllCookies", JSON.createObjectNode())
        .path("cookies")
        .valueStream()
        .toList();
  }

  /** Sends a command of the DevTools protocol. */
  public JsonNode devTools(String name, ObjectNode parameters) {
    ObjectNode command = JSON.createObjectNode().put("cmd", name);
    command.set("params", parameters);
    return command("POST", "/goog/cdp/execute", command);
  }

  private JsonNode command(String method, String path, ObjectNode body) {
    return call(method, URI.create(session + path), body);
  }

  private JsonNode call(String method, URI address, ObjectNode body) {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(address)
                  .header("Content-Type", "application/json")
                  .method(method, HttpRequest.BodyPublishers.ofString(body.toString()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode value = JSON.readTree(response.body()).path("value");
      if (response.statusCode() != 200) {
        throw new IllegalStateException(
            value.path("error").asText() + ": " + value.path("message").asText());
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      JsonNode _ = command("DELETE", "", JSON.createObjectNode());
    } finally {
      http.close();
      driver.destroy();
    }
  }
}
