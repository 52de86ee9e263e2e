package org.symbolon.cli.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.symbolon.cli.Output;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the admin listener is, as whom it is asked, and how its answers are printed. */
final class AdminListener {
  /** The exit codes beside 0, 1 (failed) and 2 (wrong usage). */
  static final int UNKNOWN = 3;

  static final int REFUSED = 4;
  static final int APPROVAL = 5;
  static final int DENIED = 6;
  static final int SILENT = 7;

  static final JsonMapper JSON = new JsonMapper();
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]+\\.[!-~]+");
  private static final String PROBLEM = "urn:symbolon:problem:";
  private static final String DETAIL = "detail";
  private static final int TRIES = 30;
  private static final long AGAIN_MILLIS = 1000;
  private static final Path TRIALS = Path.of(".symbolon", "operator.txt");

  private final Map<String, String> environment;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = "The admin listener; SYMBOLON_ADMIN, or http://localhost:8081, without it.")
  private Optional<String> address = Optional.empty();

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "Your NAME.KEY with the scope admin; SYMBOLON_ADMIN_KEY_FILE, or a trial's own in"
              + " .symbolon/operator.txt, without it.")
  private Optional<Path> keyFile = Optional.empty();

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = {
        "A PEM file of the authorities to trust, instead of the JDK's; SYMBOLON_ADMIN_CA without"
            + " it."
      })
  private Optional<Path> authority = Optional.empty();

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = {
        "Your client certificate and its chain as PEM, with which no key file is needed;",
        "SYMBOLON_ADMIN_CERT without it."
      })
  private Optional<Path> certificate = Optional.empty();

  @Option(
      names = "--cert-key",
      paramLabel = "FILE",
      description = "Its private key as PEM (PKCS #8); SYMBOLON_ADMIN_CERT_KEY without it.")
  private Optional<Path> certificateKey = Optional.empty();

  @Mixin private Output output = new Output();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  AdminListener(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What was answered. */
  record Answer(int status, JsonNode body) {
    boolean isGood() {
      return status >= 200 && status < 300;
    }
  }

  boolean isJson() {
    return output.isJson();
  }

  ParameterException wrong(String fault) {
    return new ParameterException(spec.commandLine(), fault);
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Asks; a failure to get an answer is one of status 0. */
  Answer ask(String method, String path, String body) throws InterruptedException {
    URI root = root();
    try (HttpClient client = client()) {
      HttpRequest request =
          request(root, path)
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), read(response.body()));
    } catch (IOException e) {
      return silent(root, e);
    }
  }

  /**
   * Gives the data of server-sent events one by one, coming again where the connection ends, until
   * there is an event {@code end}; then the answer is one of status 200 without a body.
   */
  Answer follow(String path, Consumer<JsonNode> told) throws InterruptedException {
    URI root = root();
    String last = "";
    int failures = 0;
    try (HttpClient client = client()) {
      while (true) {
        try {
          HttpRequest request =
              request(root, path)
                  .header("Accept", "text/event-stream")
                  .header("Last-Event-ID", last)
                  .build();
          HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
          try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
              return new Answer(response.statusCode(), read(String.join("\n", lines.toList())));
            }
            failures = 0;
            String event = "";
            for (String line : (Iterable<String>) lines::iterator) {
              if (line.startsWith("event: ")) {
                event = line.substring("event: ".length());
              } else if (line.startsWith("id: ")) {
                last = line.substring("id: ".length());
              } else if (line.startsWith("data: ") && event.equals("end")) {
                return new Answer(200, JSON.missingNode());
              } else if (line.startsWith("data: ")) {
                told.accept(JSON.readTree(line.substring("data: ".length())));
              }
            }
          }
        } catch (IOException | UncheckedIOException e) {
          failures++;
          if (failures > TRIES) {
            return silent(root, e);
          }
        }
        Thread.sleep(failures == 0 ? 0 : AGAIN_MILLIS);
      }
    } catch (IOException e) {
      return silent(root, e);
    }
  }

  /** Says why not, as a problem for programs. */
  private void tell(JsonNode problem) {
    if (isJson()) {
      err().println(problem);
      return;
    }
    err().println("symbolon: " + problem.path(DETAIL).asText(problem.path("title").asText()));
    if (problem.hasNonNull("field")) {
      err().println("  at:   " + problem.path("field").asText());
    }
    if (problem.hasNonNull("mend")) {
      err().println("  mend: " + problem.path("mend").asText());
    }
  }

  private Answer silent(URI root, Exception e) {
    tell(JSON.createObjectNode().put(DETAIL, "no answer at " + root + ": " + e));
    return new Answer(0, JSON.missingNode());
  }

  private URI root() {
    String named = address.or(() -> environment("SYMBOLON_ADMIN")).orElse("http://localhost:8081");
    try {
      URI root = new URI(named);
      boolean isWeb = "https".equals(root.getScheme()) || "http".equals(root.getScheme());
      if (isWeb && root.getHost() != null) {
        return root;
      }
    } catch (URISyntaxException e) {
      // It is told of below.
    }
    throw wrong(
        "--admin: an address such as https://sessions.internal:8081 needed, not '" + named + "'");
  }

  private Optional<String> environment(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private HttpClient client() throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5));
    Optional<Path> authorities = authority.or(() -> environment("SYMBOLON_ADMIN_CA").map(Path::of));
    if (authorities.isPresent() || certificate().isPresent()) {
      builder.sslContext(OwnTls.context(authorities, certificate(), privateKey(), this::wrong));
    }
    return builder.build();
  }

  private Optional<Path> certificate() {
    return certificate.or(() -> environment("SYMBOLON_ADMIN_CERT").map(Path::of));
  }

  private Optional<Path> privateKey() {
    return certificateKey.or(() -> environment("SYMBOLON_ADMIN_CERT_KEY").map(Path::of));
  }

  private HttpRequest.Builder request(URI root, String path) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(root.resolve(path)).timeout(Duration.ofSeconds(30));
    // Whoever shows a certificate is asked for nothing else, unless a key is named as well.
    if (certificate().isEmpty() || keyFile.isPresent()) {
      request.header("Authorization", "Bearer " + key());
    }
    return request;
  }

  private static JsonNode read(String body) throws JsonProcessingException {
    return body.isEmpty() ? JSON.missingNode() : JSON.readTree(body);
  }

  private String key() {
    Path file =
        keyFile.or(() -> environment("SYMBOLON_ADMIN_KEY_FILE").map(Path::of)).orElse(TRIALS);
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException e) {
      throw wrong("--key-file: " + file + " can't be read; name the file of your NAME.KEY");
    }
    if (!KEY.matcher(text).matches()) {
      // Without a word of what it holds: it may be somebody's secret.
      throw wrong(
          "--key-file: " + file + " does not hold one line NAME.KEY; name the file that does");
    }
    return text;
  }

  /**
   * Prints what was answered, or why not, and gives the exit code.
   *
   * @param forPeople prints the body where it is not wanted as JSON
   */
  int shown(Answer answer, BiConsumer<PrintWriter, JsonNode> forPeople) {
    if (!answer.isGood()) {
      return refused(answer);
    }
    if (isJson()) {
      out().println(answer.body());
      out().flush();
    } else {
      forPeople.accept(out(), answer.body());
    }
    return 0;
  }

  /** Says why not, and gives the exit code. */
  int refused(Answer answer) {
    if (answer.status() == 0) {
      return SILENT;
    }
    JsonNode problem = answer.body();
    String type = problem.path("type").asText();
    if (!type.startsWith(PROBLEM) || type.equals(PROBLEM + "not-found")) {
      tell(
          JSON.createObjectNode()
              .put(
                  DETAIL,
                  "answered %d, and not as the admin listener does".formatted(answer.status()))
              .put("field", "--admin")
              .put("mend", "Name the address of the admin listener"));
      return SILENT;
    }
    tell(problem);
    return switch (answer.status()) {
      case 400 -> 2;
      case 401, 403 -> DENIED;
      case 404 -> UNKNOWN;
      case 409 -> type.endsWith("approval-missing") ? APPROVAL : REFUSED;
      case 503 -> SILENT;
      default -> 1;
    };
  }
}
