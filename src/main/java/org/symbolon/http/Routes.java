package org.symbolon.http;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The endpoints by path and method. Matches the path as it came, part by part, and decodes only the
 * variable parts: there are no two spellings of one path.
 */
public final class Routes {
  private record Path(List<String> parts, Map<String, Endpoint> methods) {}

  private final List<Path> paths = new ArrayList<>();

  /**
   * Adds an endpoint; {@code HEAD} comes with {@code GET}.
   *
   * @param template such as {@code /v1/sessions/{handle}}
   */
  public Routes add(String method, String template, Endpoint endpoint) {
    List<String> parts = List.of(template.split("/", -1));
    Path path =
        paths.stream()
            .filter(p -> p.parts().equals(parts))
            .findFirst()
            .orElseGet(
                () -> {
                  Path added = new Path(parts, new TreeMap<>());
                  paths.add(added);
                  return added;
                });
    path.methods().put(method, endpoint);
    if (method.equals("GET")) {
      path.methods().put("HEAD", endpoint);
    }
    return this;
  }

  Future<Reply> answer(Exchange exchange) {
    String[] parts = exchange.path().split("/", -1);
    for (Path path : paths) {
      Optional<Map<String, String>> variables = match(path.parts(), parts);
      if (variables.isPresent()) {
        Endpoint endpoint = path.methods().get(exchange.method());
        return endpoint == null
            ? Future.succeededFuture(notAllowed(List.copyOf(path.methods().keySet())))
            : endpoint.answer(exchange, variables.get());
      }
    }
    return Future.succeededFuture(Reply.problem(Problems.notFound()));
  }

  /** Tells which methods there are. */
  public static Reply notAllowed(List<String> allowed) {
    return Reply.problem(Problems.methodNotAllowed(allowed))
        .with("Allow", String.join(", ", allowed));
  }

  private static Optional<Map<String, String>> match(List<String> template, String[] parts) {
    if (template.size() != parts.length) {
      return Optional.empty();
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (int i = 0; i < parts.length; i++) {
      String expected = template.get(i);
      if (expected.startsWith("{")) {
        variables.put(expected.substring(1, expected.length() - 1), decode(parts[i]));
      } else if (!expected.equals(parts[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }

  private static String decode(String part) {
    // In a path a plus sign is itself.
    return Form.parse("part=" + part.replace("+", "%2B").replace("&", "%26"), "query")
        .one("part")
        .orElse("");
  }
}
