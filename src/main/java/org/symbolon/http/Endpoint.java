package org.symbolon.http;

import io.vertx.core.Future;
import java.util.Map;

/** Answers requests of one method and path. */
@FunctionalInterface
public interface Endpoint {
  /**
   * Answers; may throw or fail with {@link RefusedRequest}.
   *
   * @param path the decoded values of the path's variable parts
   */
  Future<Reply> answer(Exchange exchange, Map<String, String> path);
}
