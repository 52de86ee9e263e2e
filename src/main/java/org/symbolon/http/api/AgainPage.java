package org.symbolon.http.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.symbolon.http.Reply;
import org.symbolon.http.Routes;

/**
 * {@code /.session/dbsc/again}: what a gateway answers with in place of a page that was refused
 * with {@code X-Session-Again}. It asks for its own address once more, and for nothing else.
 */
final class AgainPage {
  private static final Reply PAGE = file("page.html", "text/html; charset=utf-8");
  private static final Reply SCRIPT = file("again.js", "text/javascript; charset=utf-8");

  private AgainPage() {}

  static void addTo(Routes routes) {
    routes
        .add("GET", "/.session/dbsc/again", (_, _) -> Future.succeededFuture(PAGE))
        .add("GET", "/.session/dbsc/again.js", (_, _) -> Future.succeededFuture(SCRIPT));
  }

  private static Reply file(String name, String contentType) {
    try (InputStream in = AgainPage.class.getResourceAsStream("/again/" + name)) {
      if (in == null) {
        throw new IllegalStateException("again/" + name + " is missing from the build");
      }
      return Reply.content(200, contentType, Buffer.buffer(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
