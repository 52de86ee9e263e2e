package org.symbolon.http;

import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.symbolon.session.Evidence;

/**
 * The certificate of a client whose TLS a trusted gateway has ended: {@code Client-Cert} (RFC 9440
 * section 2.2), a byte sequence of RFC 9651 that holds the DER form; or, as nginx and Envoy can
 * write it, the PEM form, percent-encoded.
 */
final class ClientCertificate {
  static final CharSequence FIELD = HttpHeaders.createOptimized("Client-Cert");
  private static final int MAX_LENGTH = 16 * 1024;
  private static final String PEM = "-----BEGIN%20CERTIFICATE-----";
  private static final String PEM_START = "-----BEGIN CERTIFICATE-----";
  private static final String PEM_END = "-----END CERTIFICATE-----";

  private ClientCertificate() {}

  /**
   * The certificate that a field holds; empty where there is no field.
   *
   * @throws RefusedRequest for several fields, and for one that holds no certificate
   */
  static Optional<Evidence.Certificate> told(List<String> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    if (values.size() > 1) {
      throw refused("There are several fields Client-Cert");
    }
    return Optional.of(read(values.getFirst().strip()));
  }

  /**
   * The certificate that a message holds in the PEM form, percent-encoded; empty for empty text.
   *
   * @throws RefusedRequest for one that holds no certificate
   */
  static Optional<Evidence.Certificate> escaped(String value) {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!value.startsWith(PEM)) {
      throw refused("The certificate is no percent-encoded PEM");
    }
    return Optional.of(read(value));
  }

  private static Evidence.Certificate read(String value) {
    if (value.length() > MAX_LENGTH) {
      throw refused("Client-Cert has more than 16384 characters");
    }
    try {
      byte[] der = Base64.getDecoder().decode(value.startsWith(PEM) ? body(value) : bytes(value));
      if (!isOneElement(der)) {
        throw refused("Client-Cert holds no certificate, or more than one");
      }
      return new Evidence.Certificate(hash(der), () -> key(der));
    } catch (IllegalArgumentException e) {
      throw refused("Client-Cert holds no certificate");
    }
  }

  /** One that was verified here. */
  static Evidence.Certificate of(Certificate verified) {
    try {
      Optional<String> key = Optional.of(hash(verified.getPublicKey().getEncoded()));
      return new Evidence.Certificate(hash(verified.getEncoded()), () -> key);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has a DER form", e);
    }
  }

  private static Optional<String> key(byte[] der) {
    try {
      Certificate certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
      return Optional.of(hash(certificate.getPublicKey().getEncoded()));
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }

  private static String hash(byte[] bytes) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String bytes(String value) {
    if (value.length() < 3 || !value.startsWith(":") || !value.endsWith(":")) {
      throw refused("Client-Cert is no byte sequence");
    }
    return value.substring(1, value.length() - 1);
  }

  /** What stands between the one pair of marks, in one line. */
  private static String body(String value) {
    String pem = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.US_ASCII).strip();
    if (!pem.startsWith(PEM_START) || !pem.endsWith(PEM_END)) {
      throw refused("Client-Cert is no percent-encoded PEM");
    }
    return pem.substring(PEM_START.length(), pem.length() - PEM_END.length()).replace("\n", "");
  }

  /**
   * One SEQUENCE, as a certificate is, and nothing after it; the gateway has read and verified it.
   */
  private static boolean isOneElement(byte[] der) {
    if (der.length < 4 || der[0] != 0x30) {
      return false;
    }
    return switch (der[1] & 0xff) {
      case 0x81 -> der.length == 3 + (der[2] & 0xff);
      case 0x82 -> der.length == 4 + (((der[2] & 0xff) << 8) | (der[3] & 0xff));
      default -> false;
    };
  }

  private static RefusedRequest refused(String detail) {
    return new RefusedRequest(
        Problems.requestMalformed(
            detail,
            FIELD.toString(),
            "Let the gateway take the client's own Client-Cert away, and set one in its place to a"
                + " colon, the certificate's DER form in base64, and a colon"));
  }
}
