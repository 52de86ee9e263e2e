package org.symbolon.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.symbolon.Certificate;

/** A program that speaks TLS by the JDK, with a certificate or without one. It trusts everybody. */
public final class TlsClient {
  private static final int PATIENCE_MILLIS = 20_000;

  private final SSLContext context;

  private TlsClient(SSLContext context) {
    this.context = context;
  }

  public static TlsClient plain() throws Exception {
    return with(Optional.empty());
  }

  public static TlsClient with(Certificate certificate) throws Exception {
    return with(Optional.of(certificate));
  }

  private static TlsClient with(Optional<Certificate> certificate) throws Exception {
    KeyManager[] keys = {};
    if (certificate.isPresent()) {
      keys =
          new KeyManager[] {
            new Insistent(leaf(certificate.get().chain()), key(certificate.get().key()))
          };
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Everybody()}, null);
    return new TlsClient(context);
  }

  private static X509Certificate leaf(Path pem) throws GeneralSecurityException, IOException {
    return (X509Certificate)
        java.security.cert.CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(pem)));
  }

  private static PrivateKey key(Path pem) throws GeneralSecurityException, IOException {
    String body = Files.readString(pem).replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }

  /** A connection of one version of TLS, over which requests go in turn. */
  public Connection connect(int port, String version) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setEnabledProtocols(new String[] {version});
    socket.startHandshake();
    return new Connection(socket, port);
  }

  public Connection connect(int port) throws IOException {
    return connect(port, "TLSv1.3");
  }

  /** Sends one request on a connection of its own. */
  public Wire.Answer call(int port, String line, List<String> fields, String body)
      throws IOException {
    try (Connection connection = connect(port)) {
      return connection.call(line, fields, body);
    }
  }

  /** A connection that is kept. */
  public static final class Connection implements AutoCloseable {
    private final SSLSocket socket;
    private final Wire wire;
    private final int port;

    private Connection(SSLSocket socket, int port) {
      this.socket = socket;
      this.wire = new Wire(socket);
      this.port = port;
    }

    public Wire.Answer call(String line, List<String> fields, String body) {
      return wire.write(Wire.request(line, port, fields, body)).read(false);
    }

    /** The client's end of RFC 9266. */
    public byte[] exported() throws IOException {
      return ((ExtendedSSLSession) socket.getSession())
          .exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
    }

    @Override
    public void close() {
      wire.close();
    }
  }

  /** Shows its certificate whichever authorities the server names. */
  private static final class Insistent extends X509ExtendedKeyManager {
    private final X509Certificate certificate;
    private final PrivateKey key;

    private Insistent(X509Certificate certificate, PrivateKey key) {
      this.certificate = certificate;
      this.key = key;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[] {"a"};
    }

    @Override
    public String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return "a";
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }

  private static final class Everybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
