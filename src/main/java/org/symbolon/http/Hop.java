package org.symbolon.http;

/**
 * Who speaks, and how: the connection, and what a trusted gateway tells of its client.
 *
 * @param acceptable false for plaintext from a peer that is neither loopback nor trusted
 * @param scheme {@code http} or {@code https}, as the client used it
 * @param authority host and port, as the client named them
 * @param address the client's address
 * @param clientPlaintext a trusted gateway tells that its client spoke plaintext
 */
public record Hop(
    boolean acceptable,
    boolean tls,
    boolean loopback,
    String scheme,
    String authority,
    String address,
    boolean clientPlaintext) {}
