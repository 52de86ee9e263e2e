package org.symbolon.session;

/**
 * Who showed a session ID, for the audit trail; empty text where unknown.
 *
 * @param address the client's, as the connection or a trusted gateway names it
 * @param gateway the gateway profile, {@code direct} without one
 * @param fingerprint of the client's TLS handshake, as a trusted gateway names it
 */
public record Presenter(String address, String userAgent, String gateway, String fingerprint) {
  private static final String DIRECT = "direct";

  public static final Presenter UNKNOWN = new Presenter("", "", DIRECT);

  /** The gateway profile; empty for who came by none. */
  public String anyGateway() {
    return gateway.equals(DIRECT) ? "" : gateway;
  }

  /** One of whose TLS handshake nothing is told. */
  public Presenter(String address, String userAgent, String gateway) {
    this(address, userAgent, gateway, "");
  }
}
