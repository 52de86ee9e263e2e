package org.symbolon.events;

import java.util.Map;

/** Signs what this service tells, under the key of the moment. */
@FunctionalInterface
public interface EventSigner {
  /**
   * A JWS in compact form; takes the time of a signature.
   *
   * @param type the {@code typ}
   */
  String sign(String type, Map<String, Object> claims);
}
