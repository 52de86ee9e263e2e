package org.symbolon.http;

import io.vertx.core.http.HttpConnection;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Evidence;

/** What a connection whose TLS ends here shows of the client at its other end. */
final class ClientTls {
  /** RFC 9266 section 2; 32 bytes of it, without a context. */
  private static final String LABEL = "EXPORTER-Channel-Binding";

  private static final int LENGTH = 32;
  private static final ClientTls PLAIN = new ClientTls(null);

  private final @Nullable SSLSession session;
  private final Optional<X509Certificate> shown;
  private final Optional<Evidence.Certificate> certificate;
  private volatile Optional<String> channel = Optional.empty();
  private volatile boolean isExported;

  private ClientTls(@Nullable SSLSession session) {
    this.session = session;
    this.shown = Optional.ofNullable(session).flatMap(ClientTls::leaf);
    // A resumed handshake does not look at the dates again.
    this.certificate = shown.filter(ClientTls::isValid).map(ClientCertificate::of);
  }

  static ClientTls of(HttpConnection connection) {
    return connection.isSsl() ? new ClientTls(connection.sslSession()) : PLAIN;
  }

  /** The certificate that the client has shown, and whose chain was verified. */
  Optional<X509Certificate> shown() {
    return shown;
  }

  /** The same as evidence; empty where there was none, or it had ended. */
  Optional<Evidence.Certificate> certificate() {
    return certificate;
  }

  /**
   * What both ends export of the connection, in base64url; empty before TLS 1.3, where a
   * renegotiation could change what it stands for (RFC 9266 section 3).
   */
  Optional<String> channel() {
    if (!isExported) {
      channel = session == null ? Optional.empty() : export(session);
      isExported = true;
    }
    return channel;
  }

  private static Optional<X509Certificate> leaf(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate leaf
          ? Optional.of(leaf)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static boolean isValid(X509Certificate leaf) {
    try {
      leaf.checkValidity();
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  private static Optional<String> export(SSLSession session) {
    if (!(session instanceof ExtendedSSLSession extended)
        || !session.getProtocol().equals("TLSv1.3")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(extended.exportKeyingMaterialData(LABEL, new byte[0], LENGTH)));
    } catch (SSLKeyException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
