package org.symbolon.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The operations of the API description, found by listener, method and path. */
final class Operations {
  private static final Set<String> METHODS =
      Set.of("get", "head", "post", "put", "patch", "delete", "options");

  private final List<Operation> all = new ArrayList<>();

  Operations(Spec spec) {
    Spec.Place paths = spec.at("#/paths");
    for (String template : names(paths.node())) {
      Spec.Place item = paths.child(template);
      Pattern pattern = pattern(spec, template, item);
      for (String method : names(item.node())) {
        if (METHODS.contains(method)) {
          all.add(
              new Operation(template, pattern, method, methods(method, item), item.child(method)));
        }
      }
    }
    // A path of fixed words wins over one with parameters (OpenAPI 3.1 section 4.8.8.2).
    all.sort(Comparator.comparingInt(o -> o.template().split("\\{", -1).length));
  }

  List<Operation> all() {
    return all;
  }

  /** Finds the operation that answers; methods are told apart by case (RFC 9110 section 9.1). */
  Optional<Operation> find(String listener, String method, String path) {
    return all.stream()
        .filter(o -> o.listener().equals(listener))
        .filter(o -> o.methods().contains(method))
        .filter(o -> o.pattern().matcher(path).matches())
        .findFirst();
  }

  /** The method's own name, and for GET those that OpenAPI has no word for. */
  private static Set<String> methods(String method, Spec.Place item) {
    Set<String> methods = new TreeSet<>(Set.of(method.toUpperCase(Locale.ROOT)));
    if (method.equals("get")) {
      item.node().path("x-further-methods").forEach(further -> methods.add(further.asText()));
    }
    return methods;
  }

  private static Pattern pattern(Spec spec, String template, Spec.Place item) {
    String expression = Pattern.quote(template);
    for (JsonNode parameter : item.node().path("parameters")) {
      JsonNode declared = spec.resolve(new Spec.Place("", parameter)).node();
      String any = declared.path("x-catch-all").asBoolean() ? ".*" : "[^/]+";
      String name = "{" + declared.path("name").asText() + "}";
      expression = expression.replace(name, "\\E" + any + "\\Q");
    }
    return Pattern.compile(expression);
  }

  static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The path of a request target, without its query. */
  static String pathOf(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /**
   * One operation of one listener.
   *
   * @param methods the requests it answers
   */
  record Operation(
      String template, Pattern pattern, String method, Set<String> methods, Spec.Place place) {
    String listener() {
      return place.node().path("x-listener").asText();
    }

    /** As in {@code public POST /v1/login}. */
    String title() {
      return listener() + " " + method.toUpperCase(Locale.ROOT) + " " + template;
    }
  }
}
