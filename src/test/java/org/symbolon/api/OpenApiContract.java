package org.symbolon.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Holds responses against the API description and remembers which of the described ones it has
 * seen. A response that says more than the description is as wrong as one that says less: an
 * unknown header field or member is a breach. Safe for several threads.
 */
public final class OpenApiContract {
  private static final Path DESCRIPTION = Path.of("api-spec", "openapi.yaml");

  /** Fields of the connection and the message's framing, which are HTTP's and not the API's. */
  private static final Set<String> OF_HTTP =
      Set.of("connection", "content-length", "content-type", "date", "transfer-encoding");

  private static final String PROBLEM = "application/problem+json";

  /** No test can ask for a fault. */
  private static final String FAULT = "500";

  private final Spec spec;
  private final Operations operations;
  private final Set<String> seen = new ConcurrentSkipListSet<>();

  private OpenApiContract(Spec spec) {
    this.spec = spec;
    this.operations = new Operations(spec);
  }

  /** Reads {@code api-spec/openapi.yaml} below the working directory. */
  public static OpenApiContract load() {
    return new OpenApiContract(Spec.read(DESCRIPTION));
  }

  static OpenApiContract of(String yaml) {
    return new OpenApiContract(Spec.of(yaml));
  }

  /**
   * Holds one response against the description.
   *
   * @param listener {@code public}, {@code admin} or {@code management}
   * @param path the request's target; its query is not looked at
   * @param headers the response's fields; names in any case, pseudo-fields are passed over
   * @param body the response's body as text, empty for none
   * @throws AssertionError with every breach that was found
   */
  public void check(
      String listener,
      String method,
      String path,
      int status,
      Map<String, List<String>> headers,
      String body) {
    String request = listener + " " + method + " " + path;
    Optional<Operations.Operation> operation =
        operations.find(listener, method, Operations.pathOf(path));
    Spec.Place response = response(request, operation, Integer.toString(status));
    List<String> breaches = new ArrayList<>();
    Map<String, List<String>> fields = fields(headers);
    checkHeaders(response, fields, breaches);
    checkBody(response, method, status, fields, body, breaches);
    if (!breaches.isEmpty()) {
      throw new AssertionError(
          request
              + " -> "
              + status
              + " breaks the API description:\n  "
              + String.join("\n  ", breaches));
    }
    seen.add(operation.map(Operations.Operation::title).orElse(listener) + " " + status);
  }

  /**
   * The described operations and statuses not checked yet, as {@code public POST /v1/login 200}.
   */
  public Set<String> unseen() {
    Set<String> unseen = new TreeSet<>();
    for (Operations.Operation operation : operations.all()) {
      for (String status : Operations.names(operation.place().child("responses").node())) {
        if (!status.equals(FAULT)) {
          unseen.add(operation.title() + " " + status);
        }
      }
    }
    unseen.removeAll(seen);
    return unseen;
  }

  private Spec.Place response(
      String request, Optional<Operations.Operation> operation, String status) {
    List<Spec.Place> groups = new ArrayList<>();
    operation.ifPresentOrElse(
        found -> groups.add(found.place().child("responses")),
        () -> groups.add(spec.at("#/x-nowhere")));
    groups.add(spec.at("#/x-everywhere"));
    for (Spec.Place group : groups) {
      if (group.has(status)) {
        return spec.resolve(group.child(status));
      }
    }
    List<String> described =
        groups.stream().flatMap(group -> Operations.names(group.node()).stream()).toList();
    throw new AssertionError(
        request
            + " -> "
            + status
            + (operation.isPresent() ? " is not described; " : " meets no described operation; ")
            + "described are "
            + described);
  }

  private void checkHeaders(
      Spec.Place response, Map<String, List<String>> fields, List<String> breaches) {
    Spec.Place described = response.child("headers");
    Set<String> known = new TreeSet<>(OF_HTTP);
    for (String name : Operations.names(described.node())) {
      String key = name.toLowerCase(Locale.ROOT);
      known.add(key);
      Spec.Place header = spec.resolve(described.child(name));
      List<String> values = fields.getOrDefault(key, List.of());
      if (values.isEmpty() && header.node().path("required").asBoolean()) {
        breaches.add("header " + name + " is missing");
      }
      if (values.size() > 1) {
        breaches.add("header " + name + " is there " + values.size() + " times");
      }
      for (String value : values) {
        for (String breach : spec.breaches(header.child("schema"), TextNode.valueOf(value))) {
          breaches.add("header " + name + ": " + breach);
        }
      }
    }
    for (String name : fields.keySet()) {
      if (!known.contains(name)) {
        breaches.add("header " + name + " is not described");
      }
    }
  }

  private void checkBody(
      Spec.Place response,
      String method,
      int status,
      Map<String, List<String>> fields,
      String body,
      List<String> breaches) {
    Spec.Place content = response.child("content");
    boolean isBare = content.node().isEmpty() || method.equalsIgnoreCase("HEAD");
    if (isBare) {
      if (!body.isEmpty()) {
        breaches.add("body of " + body.length() + " characters where none is described");
      }
      return;
    }
    String type = mediaType(fields);
    if (!content.has(type)) {
      breaches.add(
          "content type "
              + (type.isEmpty() ? "is missing" : type + " is not described")
              + "; described are "
              + Operations.names(content.node()));
      return;
    }
    if (body.isEmpty()) {
      breaches.add("body is missing");
      return;
    }
    try {
      JsonNode value = type.endsWith("json") ? Spec.json(body) : TextNode.valueOf(body);
      for (String breach : spec.breaches(content.child(type).child("schema"), value)) {
        breaches.add("body: " + breach);
      }
      if (type.equals(PROBLEM) && value.path("status").asInt() != status) {
        breaches.add("body: /status: " + value.path("status") + " is not the reply's own");
      }
    } catch (JsonProcessingException e) {
      breaches.add("body is no JSON: " + e.getOriginalMessage());
    }
  }

  private static String mediaType(Map<String, List<String>> fields) {
    List<String> values = fields.getOrDefault("content-type", List.of());
    return values.size() == 1
        ? values.getFirst().split(";", 2)[0].strip().toLowerCase(Locale.ROOT)
        : "";
  }

  private static Map<String, List<String>> fields(Map<String, List<String>> headers) {
    Map<String, List<String>> fields = new TreeMap<>();
    headers.forEach(
        (name, values) -> {
          if (!name.startsWith(":")) {
            fields
                .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                .addAll(values);
          }
        });
    return fields;
  }
}
