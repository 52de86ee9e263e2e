package org.symbolon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The API description is sound in itself. */
class OpenApiSpecTest {
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

  /**
   * What a probe reads is no problem of its caller; the others' bodies are their specifications'.
   */
  private static final Set<String> NO_PROBLEM =
      Set.of(
          "management GET /readyz 503",
          "public POST /v1/backchannel-logout 400",
          "public POST /v1/events 400");

  private final Spec spec = Spec.read(Path.of("api-spec", "openapi.yaml"));
  private final Operations operations = new Operations(spec);

  @Test
  void isOfVersion31() {
    assertThat(spec.root().path("openapi").asText()).startsWith("3.1.");
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<Spec.Place> references = new ArrayList<>();
    walk(
        new Spec.Place("#", spec.root()),
        place -> {
          if (place.has("$ref")) {
            references.add(place);
          }
        });
    assertThat(references).hasSizeGreaterThan(100).allSatisfy(spec::resolve);
  }

  @Test
  void aReferenceThatLeadsNowhereIsFound() {
    Spec broken = Spec.of("{a: {$ref: '#/b'}}");
    assertThatThrownBy(() -> broken.resolve(broken.at("#/a"))).hasMessageContaining("#/b");
  }

  @Test
  void everyComponentIsUsed() {
    String text = spec.root().toString();
    Spec.Place components = spec.at("#/components");
    for (String kind : List.of("schemas", "responses", "headers", "parameters")) {
      for (String name : Operations.names(components.child(kind).node())) {
        assertThat(text).contains("\"$ref\":\"#/components/" + kind + "/" + name + "\"");
      }
    }
  }

  @Test
  void everyOperationHasItsOwnIdAndAListener() {
    assertThat(operations.all())
        .hasSizeGreaterThan(20)
        .allSatisfy(
            operation -> {
              assertThat(operation.listener()).isIn("public", "admin", "management");
              assertThat(operation.place().node().path("tags")).hasSize(1);
              assertThat(operation.place().has("security")).isTrue();
            })
        .extracting(operation -> operation.place().node().path("operationId").asText())
        .doesNotContain("")
        .doesNotHaveDuplicates();
  }

  @Test
  void everyParameterOfAPathIsDeclared() {
    assertThat(operations.all())
        .allSatisfy(
            operation -> {
              List<String> named =
                  PARAMETER
                      .matcher(operation.template())
                      .results()
                      .map(MatchResult::group)
                      .toList();
              assertThat(named).noneMatch(operation.pattern().pattern()::contains);
            });
  }

  @Test
  void everyRefusalWithABodyIsAProblem() {
    int refusals = 0;
    for (Operations.Operation operation : operations.all()) {
      Spec.Place responses = operation.place().child("responses");
      for (String status : Operations.names(responses.node())) {
        if (status.compareTo("400") >= 0
            && !NO_PROBLEM.contains(operation.title() + " " + status)) {
          refusals += assertProblem(responses.child(status));
        }
      }
    }
    for (String group : List.of("#/x-everywhere", "#/x-nowhere")) {
      for (String status : Operations.names(spec.at(group).node())) {
        refusals += assertProblem(spec.at(group).child(status));
      }
    }
    assertThat(refusals).isGreaterThan(50);
  }

  private int assertProblem(Spec.Place reference) {
    Spec.Place response = spec.resolve(reference);
    if (!response.has("content")) {
      assertThat(response.node().path("headers").has("Content-Length"))
          .as("%s has neither a problem nor an empty body", reference.pointer())
          .isTrue();
      return 0;
    }
    Spec.Place content = response.child("content");
    assertThat(Operations.names(content.node())).containsExactly("application/problem+json");
    String schema = content.child("application/problem+json").node().at("/schema/$ref").asText();
    assertThat(schema).isEqualTo("#/components/schemas/Problem");
    return 1;
  }

  @Test
  void everyResponseCarriesTheHeadersOfAllReplies() {
    Spec.Place responses = spec.at("#/components/responses");
    for (String name : Operations.names(responses.node())) {
      assertThat(Operations.names(responses.child(name).child("headers").node()))
          .as(name)
          .contains(
              "Cache-Control",
              "X-Content-Type-Options",
              "Referrer-Policy",
              "Strict-Transport-Security");
    }
  }

  @Test
  void everyObjectInAResponseIsClosed() {
    Spec.Place schemas = spec.at("#/components/schemas");
    for (String name : Operations.names(schemas.node())) {
      walk(
          schemas.child(name),
          place -> {
            if (place.node().path("type").asText().equals("object") && !name.equals("Policy")) {
              assertThat(place.has("additionalProperties")).as(place.pointer()).isTrue();
            }
          });
    }
  }

  @Test
  void everyExampleIsValid() {
    List<String> checked = new ArrayList<>();
    walk(
        new Spec.Place("#", spec.root()),
        place -> {
          if (place.has("schema") && place.has("example")) {
            assertValid(place, place.child("example"), checked);
          }
          for (String name : Operations.names(place.node().path("examples"))) {
            assertValid(place, place.child("examples").child(name).child("value"), checked);
          }
        });
    assertThat(checked).hasSizeGreaterThan(30);
  }

  private void assertValid(Spec.Place owner, Spec.Place example, List<String> checked) {
    assertThat(spec.breaches(owner.child("schema"), example.node()))
        .as(example.pointer())
        .isEmpty();
    checked.add(example.pointer());
  }

  private static void walk(Spec.Place place, Consumer<Spec.Place> visitor) {
    JsonNode node = place.node();
    if (node.isObject()) {
      visitor.accept(place);
      Operations.names(node).forEach(name -> walk(place.child(name), visitor));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      walk(new Spec.Place(place.pointer() + "/" + i, node.get(i)), visitor);
    }
  }
}
