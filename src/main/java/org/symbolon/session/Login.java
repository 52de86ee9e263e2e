package org.symbolon.session;

/**
 * A proven subject that asks for a session.
 *
 * @param presented what the request showed as session ID; a genuine one is revoked and replaced,
 *     never adopted
 */
public record Login(
    Tenant tenant,
    Subject subject,
    Authentication authentication,
    ClientClass clientClass,
    Device device,
    Attributes attributes,
    Presented presented,
    Presenter presenter) {}
