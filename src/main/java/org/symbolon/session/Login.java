package org.symbolon.session;

import java.util.List;

/**
 * A proven subject that asks for a session.
 *
 * @param presented what the request showed as session ID; a genuine one is revoked and replaced,
 *     never adopted
 * @param keys that the client has shown; the session is bound from its beginning to the first whose
 *     kind is not off
 */
public record Login(
    Tenant tenant,
    Subject subject,
    Authentication authentication,
    ClientClass clientClass,
    Device device,
    Attributes attributes,
    Presented presented,
    Presenter presenter,
    List<Binding> keys) {
  public Login {
    keys = List.copyOf(keys);
  }
}
