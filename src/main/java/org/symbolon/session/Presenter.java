package org.symbolon.session;

/**
 * Who showed a session ID, for the audit trail; empty text where unknown.
 *
 * @param address the client's, as the connection or a trusted gateway names it
 * @param gateway the gateway profile, {@code direct} without one
 */
public record Presenter(String address, String userAgent, String gateway) {
  public static final Presenter UNKNOWN = new Presenter("", "", "direct");
}
