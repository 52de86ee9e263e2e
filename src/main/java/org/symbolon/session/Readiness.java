package org.symbolon.session;

import java.util.Optional;

/** Whether a component can do its work now. */
public interface Readiness {
  /** Empty where it can, else what is wrong, in words for an operator. */
  Optional<String> obstacle();
}
