package org.symbolon.telemetry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.AuditTrail;

/**
 * Writes each audit event as one line of JSON in the Elastic Common Schema to standard output,
 * where there is no audit file.
 */
public final class AuditLines implements AuditTrail {
  /** The logger whose lines are audit events and nothing else. */
  static final String LOGGER = "symbolon.audit";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
  private static final JsonMapper JSON = new JsonMapper();

  @Override
  public void record(AuditEvent event) {
    LOG.info("{}", line(event));
  }

  /** An event as a JSON object on one line. */
  public static String line(AuditEvent event) {
    ObjectNode line = JSON.createObjectNode();
    line.put("@timestamp", event.at().toString());
    line.put("event.kind", "event");
    line.put("event.dataset", "symbolon.audit");
    line.put("event.action", event.action().code());
    event.tenant().ifPresent(tenant -> line.put("organization.id", tenant.value()));
    event.subject().ifPresent(subject -> line.put("user.id", subject.value()));
    event.handle().ifPresent(handle -> line.put("session.handle", handle.toString()));
    put(line, "client.address", event.presenter().address());
    put(line, "user_agent.original", event.presenter().userAgent());
    line.put("gateway", event.presenter().gateway());
    event.detail().forEach((name, value) -> put(line, "detail." + name, value));
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings is always writable", e);
    }
  }

  private static void put(ObjectNode line, String name, String value) {
    if (!value.isEmpty()) {
      line.put(name, value.length() > 256 ? value.substring(0, 256) : value);
    }
  }
}
