package org.symbolon.http;

import org.symbolon.session.SecretText;

/**
 * One {@code Set-Cookie} field; its line may hold a session ID or a proof.
 *
 * @param line the complete value of the field
 */
public record SetCookie(SecretText line, boolean secure, boolean httpOnly, String sameSite) {}
