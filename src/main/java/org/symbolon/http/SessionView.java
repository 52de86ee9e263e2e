package org.symbolon.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.symbolon.session.Binding;
import org.symbolon.session.Flag;
import org.symbolon.session.Session;
import org.symbolon.session.Signal;

/** A session as JSON; never with an ID. */
public final class SessionView {
  private SessionView() {}

  /** All but its attributes. */
  public static ObjectNode of(Session session) {
    ObjectNode node = Json.object();
    node.put("handle", session.handle().toString());
    node.put("subject", session.subject().value());
    node.put("tenant", session.tenant().value());
    node.put("auth_time", session.authentication().time().toString());
    node.put("acr", session.authentication().acr());
    putMethods(node, session);
    node.put("client_class", session.clientClass().value());
    node.put("issued_at", session.issuedAt().toString());
    node.put("last_seen_at", session.lastSeenAt().toString());
    node.put("binding", session.binding().map(b -> b.kind().code()).orElse("none"));
    node.put("expires_at", session.deadline().toString());
    node.put("absolute_deadline", session.absoluteDeadline().toString());
    ObjectNode device = node.putObject("device");
    device.put("browser", session.device().browser().name().toLowerCase(Locale.ROOT));
    device.put("platform", session.device().platform().name().toLowerCase(Locale.ROOT));
    return node;
  }

  /** All, and what speaks for a thief. */
  public static ObjectNode forOperators(Session session) {
    ObjectNode node = withAttributes(session);
    ArrayNode flags = node.putArray("flags");
    session.signals().flags().stream().sorted().map(Flag::code).forEach(flags::add);
    session.signals().places().suspicions().stream().sorted().map(Signal::code).forEach(flags::add);
    return node;
  }

  /** All, for backends. */
  public static ObjectNode withAttributes(Session session) {
    ObjectNode node = of(session);
    putAttributes(node, session);
    return node;
  }

  /** As RFC 7662 section 2.2 has it. */
  public static ObjectNode introspected(Session session) {
    ObjectNode node = Json.object();
    node.put("active", true);
    node.put("sub", session.subject().value());
    node.put("tenant", session.tenant().value());
    node.put("exp", session.deadline().getEpochSecond());
    node.put("iat", session.issuedAt().getEpochSecond());
    node.put("auth_time", session.authentication().time().getEpochSecond());
    node.put("acr", session.authentication().acr());
    putMethods(node, session);
    node.put("handle", session.handle().toString());
    node.put("client_class", session.clientClass().value());
    putAttributes(node, session);
    session.binding().ifPresent(binding -> putConfirmation(node, binding));
    node.put("token_type", "session");
    return node;
  }

  private static void putMethods(ObjectNode node, Session session) {
    ArrayNode methods = node.putArray("amr");
    session.authentication().amr().forEach(methods::add);
  }

  private static void putAttributes(ObjectNode node, Session session) {
    ObjectNode attributes = node.putObject("attributes");
    session.attributes().values().forEach(attributes::put);
  }

  /** What backends are to ask for themselves (RFC 9449 section 6.2, RFC 8705 section 3.2). */
  private static void putConfirmation(ObjectNode node, Binding binding) {
    switch (binding.kind()) {
      case DPOP -> node.putObject("cnf").put("jkt", binding.key());
      case CERTIFICATE -> node.putObject("cnf").put("x5t#S256", binding.key());
      case CERTIFICATE_KEY -> node.putObject("cnf").put("spki#S256", binding.key());
      case DBSC, TLS_EXPORTER -> {}
    }
  }
}
