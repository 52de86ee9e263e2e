package org.symbolon.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate chain and its key as read at one time, found to belong together, and whose
 * certificates clients may show.
 */
final class TlsPair {
  private final Buffer certificate;
  private final Buffer key;
  private final Optional<Buffer> clientAuthority;
  private final boolean areClientsNeeded;

  private TlsPair(TlsFiles files) {
    this.certificate = bytes("tls.certificate", files.certificate());
    this.key = bytes("tls.key", files.key());
    this.clientAuthority = files.clientAuthority().map(file -> bytes("tls.clientCa", file));
    this.areClientsNeeded = files.areClientsNeeded();
  }

  /**
   * Reads and checks the files off the event loop; the failure names the field, the file and the
   * mend.
   */
  static Future<TlsPair> read(Vertx vertx, TlsFiles files) {
    Callable<TlsPair> reading =
        () -> {
          TlsPair pair = new TlsPair(files);
          pair.check(vertx, files);
          return pair;
        };
    return vertx.executeBlocking(reading).map(Objects::requireNonNull);
  }

  private static Buffer bytes(String field, Path file) {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalStateException(
          field + ": " + file + " can't be read; name a readable PEM file", e);
    }
  }

  /** Vert.x takes a key that is not the certificate's, and every handshake fails then. */
  private void check(Vertx vertx, TlsFiles files) throws Exception {
    boolean belongs = false;
    try {
      for (KeyManager manager : options().getKeyManagerFactory(vertx).getKeyManagers()) {
        belongs |= manager instanceof X509KeyManager x509 && belongs(x509);
      }
    } catch (Exception e) {
      // The cause may quote the file's text.
      throw new IllegalStateException(
          holdsCertificates(certificate)
              ? "tls.key: " + files.key() + " is no PEM private key of the kind RSA or EC"
              : "tls.certificate: " + files.certificate() + " is no PEM certificate chain");
    }
    if (clientAuthority.isPresent() && !holdsCertificates(clientAuthority.get())) {
      throw new IllegalStateException(
          "tls.clientCa: "
              + files.clientAuthority().orElseThrow()
              + " holds no PEM certificate; name the file of the authority that issues clients'"
              + " certificates");
    }
    if (!belongs) {
      throw new IllegalStateException(
          "tls.key: " + files.key() + " is not the certificate's; write both files anew");
    }
  }

  private static boolean holdsCertificates(Buffer pem) {
    try {
      return !CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes()))
          .isEmpty();
    } catch (CertificateException e) {
      return false;
    }
  }

  private static boolean belongs(X509KeyManager manager) throws GeneralSecurityException {
    for (String type : List.of("RSA", "EC")) {
      String[] aliases = manager.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        return signs(
            manager.getPrivateKey(aliases[0]),
            manager.getCertificateChain(aliases[0])[0].getPublicKey());
      }
    }
    return false;
  }

  private static boolean signs(PrivateKey key, PublicKey counterpart)
      throws GeneralSecurityException {
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    byte[] text = {1, 2, 3};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(text);
    byte[] signature = signing.sign();
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(counterpart);
    verifying.update(text);
    return verifying.verify(signature);
  }

  /** Sets all that is said of TLS here. */
  void into(ServerSSLOptions options) {
    options.setKeyCertOptions(options());
    options.setUseAlpn(true);
    options.setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
    clientAuthority.ifPresent(
        authority -> {
          options.setTrustOptions(new PemTrustOptions().addCertValue(authority));
          options.setClientAuth(areClientsNeeded ? ClientAuth.REQUIRED : ClientAuth.REQUEST);
        });
  }

  private PemKeyCertOptions options() {
    return new PemKeyCertOptions().addCertValue(certificate).addKeyValue(key);
  }

  boolean isSame(TlsPair other) {
    return Arrays.equals(certificate.getBytes(), other.certificate.getBytes())
        && Arrays.equals(key.getBytes(), other.key.getBytes())
        && clientAuthority.equals(other.clientAuthority);
  }
}
