package org.symbolon.token;

import java.util.Set;
import java.util.TreeSet;

/** The signature algorithms that can be allowed. None is symmetric and none is "none". */
final class Algorithms {
  static final Set<String> RSA = Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
  static final Set<String> ED25519 = Set.of("EdDSA", "Ed25519");
  private static final Set<String> ALL = all();

  private Algorithms() {}

  /**
   * The names, where each can be allowed.
   *
   * @throws IllegalArgumentException where one can't, or there is none
   */
  static Set<String> allowed(Set<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("algorithms: name at least one of " + ALL);
    }
    for (String name : names) {
      if (!ALL.contains(name)) {
        throw new IllegalArgumentException(
            "algorithms: " + name + " can't be allowed, choose of " + ALL);
      }
    }
    return Set.copyOf(names);
  }

  private static Set<String> all() {
    Set<String> all = new TreeSet<>(RSA);
    all.addAll(ED25519);
    all.addAll(Set.of("ES256", "ES384", "ES512"));
    return all;
  }
}
