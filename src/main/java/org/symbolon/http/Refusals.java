package org.symbolon.http;

import java.util.Optional;

/** Tells a refusal in another way on the paths of those who understand few statuses. */
@FunctionalInterface
public interface Refusals {
  /** What is answered to a request refused for its form, in place of its problem. */
  Optional<Reply> on(String path);
}
