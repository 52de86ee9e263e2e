package org.symbolon.nearcache;

import java.util.Comparator;
import org.symbolon.session.Revoked;

/** How two marks of one scope become one, whatever their order. */
final class Marks {
  private static final Comparator<Revoked.Mark> LATER =
      Comparator.comparing(Revoked.Mark::notBefore).thenComparing(Revoked.Mark::reason);

  static Revoked.Mark merge(Revoked.Mark one, Revoked.Mark other) {
    Revoked.Mark later = LATER.compare(one, other) >= 0 ? one : other;
    return new Revoked.Mark(
        later.scope(),
        later.notBefore(),
        later.reason(),
        one.until().isAfter(other.until()) ? one.until() : other.until());
  }

  private Marks() {}
}
