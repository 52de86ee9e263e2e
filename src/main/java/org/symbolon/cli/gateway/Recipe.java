package org.symbolon.cli.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A gateway's configuration as it lies in {@code gateways/}: files that are good as they are but
 * for the names in them.
 */
enum Recipe {
  NGINX("symbolon.conf"),
  CADDY("symbolon.caddyfile"),
  HAPROXY("symbolon.cfg", "symbolon.lua"),
  APACHE("symbolon.conf", "symbolon.lua");

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes one that never changes.
  private final List<String> files;

  Recipe(String... files) {
    this.files = List.of(files);
  }

  /** The gateway's name on the command line and of its folder. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its files with other names in them, by file name; what is first is read by the gateway. */
  Map<String, String> render(Names names) {
    Map<String, String> rendered = new LinkedHashMap<>();
    for (String file : files) {
      rendered.put(file, names.in(read("/gateways/" + text() + "/" + file)));
    }
    return rendered;
  }

  private static String read(String resource) {
    try (InputStream in = Recipe.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
