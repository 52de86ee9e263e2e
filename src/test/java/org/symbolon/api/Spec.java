package org.symbolon.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The API description as a tree whose references can be followed and whose schemas can be asked.
 */
final class Spec {
  private static final String ID = "urn:symbolon:api";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode root;
  private final SchemaRegistry registry;

  private Spec(JsonNode root) {
    this.root = root;
    String text = root.toString();
    this.registry =
        SchemaRegistry.withDialect(
            Dialects.getOpenApi31(),
            builder ->
                builder
                    .schemas(Map.of(ID, text))
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
  }

  static Spec read(Path yaml) {
    try {
      return of(Files.readString(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException("the API description: " + yaml, e);
    }
  }

  static Spec of(String yaml) {
    Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return new Spec(JSON.valueToTree(document));
  }

  JsonNode root() {
    return root;
  }

  /**
   * Follows references until there is none.
   *
   * @throws IllegalArgumentException where one leads nowhere
   */
  Place resolve(Place place) {
    Place at = place;
    while (at.node().has("$ref")) {
      at = at(at.node().get("$ref").asText());
    }
    return at;
  }

  /** The node that a local reference, {@code #/...}, means. */
  Place at(String reference) {
    if (!reference.startsWith("#/")) {
      throw new IllegalArgumentException(reference + " is no reference within the document");
    }
    JsonNode node = root.at(reference.substring(1));
    if (node.isMissingNode()) {
      throw new IllegalArgumentException(reference + " leads nowhere");
    }
    return new Place(reference, node);
  }

  /** What a value breaks of the schema at a place; empty where it is valid. */
  List<String> breaches(Place schema, JsonNode value) {
    Schema judge = registry.getSchema(SchemaLocation.of(ID + schema.pointer()));
    return judge.validate(value.toString(), InputFormat.JSON).stream().map(Spec::breach).toList();
  }

  private static String breach(Error error) {
    String where = error.getInstanceLocation().toString();
    return (where.isEmpty() ? "" : where + ": ") + error.getMessage();
  }

  static JsonNode json(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }

  /**
   * A node and where it is.
   *
   * @param pointer a URI fragment with a JSON pointer (RFC 6901 section 6)
   */
  record Place(String pointer, JsonNode node) {
    Place child(String name) {
      JsonNode child = node.path(name);
      String token = name.replace("~", "~0").replace("/", "~1");
      return new Place(pointer + "/" + token, child);
    }

    boolean has(String name) {
      return node.has(name);
    }
  }
}
