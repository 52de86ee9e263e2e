package org.symbolon.cli.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
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
  private static final Path TRIALS = Path.of(".symbolon", "operator.txt");

  private final Map<String, String> environment;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = "The admin listener; SYMBOLON_ADMIN, or http://localhost:8081, without it.")
  private Optional<URI> address = Optional.empty();

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "Your NAME.KEY with the scope admin; SYMBOLON_ADMIN_KEY_FILE, or a trial's own in"
              + " .symbolon/operator.txt, without it.")
  private Optional<Path> keyFile = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table for people or json for programs; ${DEFAULT-VALUE}.")
  private String output = "table";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  AdminListener(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What was answered. */
  record Answer(int status, JsonNode body) {
    boolean isGood() {
      return status < 300;
    }
  }

  boolean isJson() {
    if (!output.equals("table") && !output.equals("json")) {
      throw wrong("--output: table or json needed");
    }
    return output.equals("json");
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
    boolean _ = isJson();
    URI root =
        address
            .or(() -> Optional.ofNullable(environment.get("SYMBOLON_ADMIN")).map(URI::create))
            .orElse(URI.create("http://localhost:8081"));
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build()) {
      HttpRequest request =
          HttpRequest.newBuilder(root.resolve(path))
              .timeout(Duration.ofSeconds(30))
              .header("Authorization", "Bearer " + key())
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), read(response.body()));
    } catch (IOException e) {
      err().println("symbolon: no answer at " + root + ": " + e);
      return new Answer(0, JSON.missingNode());
    }
  }

  private static JsonNode read(String body) throws JsonProcessingException {
    return body.isEmpty() ? JSON.missingNode() : JSON.readTree(body);
  }

  private String key() throws IOException {
    Path file =
        keyFile
            .or(() -> Optional.ofNullable(environment.get("SYMBOLON_ADMIN_KEY_FILE")).map(Path::of))
            .orElse(TRIALS);
    if (!Files.isReadable(file)) {
      throw wrong("--key-file: " + file + " can't be read; name the file of your NAME.KEY");
    }
    return Files.readString(file).strip();
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
    err().println("symbolon: " + problem.path("detail").asText("answered " + answer.status()));
    if (problem.hasNonNull("field")) {
      err().println("  at:   " + problem.path("field").asText());
    }
    if (problem.hasNonNull("mend")) {
      err().println("  mend: " + problem.path("mend").asText());
    }
    return switch (answer.status()) {
      case 400 -> 2;
      case 401, 403 -> DENIED;
      case 404 -> UNKNOWN;
      case 409 -> problem.path("type").asText().endsWith("approval-missing") ? APPROVAL : REFUSED;
      case 503 -> SILENT;
      default -> 1;
    };
  }
}
