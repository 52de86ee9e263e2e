package org.symbolon.proof;

/**
 * A site whose hosts share bound sessions: their keys are proved at one of them.
 *
 * @param origin where browsers reach this service, such as {@code https://login.example.org}
 * @param site the origin of the registrable domain, such as {@code https://example.org}
 */
public record DbscSite(String origin, String site) {}
