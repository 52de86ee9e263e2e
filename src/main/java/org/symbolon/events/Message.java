package org.symbolon.events;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One audit event to be told of.
 *
 * @param id its entry in the audit stream, the same at every attempt
 * @param fields of the entry, by name
 */
public record Message(String id, Map<String, String> fields) {
  public Message {
    fields = Collections.unmodifiableMap(new TreeMap<>(fields));
  }

  /** As {@code session.revoked}. */
  public String action() {
    return fields.getOrDefault("action", "");
  }
}
