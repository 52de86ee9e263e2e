package org.symbolon.cli.operator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine.ParameterException;

/** TLS with authorities of one's own, and with a certificate of one's own, from PEM files. */
final class OwnTls {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");

  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");
  private static final char[] NO_PASSWORD = {};

  private OwnTls() {}

  /**
   * @param wrong makes the refusal of an option
   */
  static SSLContext context(
      Optional<Path> authorities,
      Optional<Path> certificate,
      Optional<Path> key,
      Function<String, ParameterException> wrong)
      throws IOException {
    if (certificate.isPresent() != key.isPresent()) {
      throw wrong.apply("--cert and --cert-key: both needed, or none");
    }
    try {
      TrustManager[] trust = null;
      if (authorities.isPresent()) {
        KeyStore trusted = empty();
        int number = 0;
        for (Certificate one : certificates("--ca", authorities.get(), wrong)) {
          trusted.setCertificateEntry("ca" + number++, one);
        }
        TrustManagerFactory factory =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        trust = factory.getTrustManagers();
      }
      KeyManager[] own = null;
      if (certificate.isPresent()) {
        KeyStore keys = empty();
        keys.setKeyEntry(
            "own",
            key(key.orElseThrow(), wrong),
            NO_PASSWORD,
            certificates("--cert", certificate.get(), wrong).toArray(Certificate[]::new));
        KeyManagerFactory factory =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, NO_PASSWORD);
        own = factory.getKeyManagers();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw wrong.apply("--cert, --cert-key, --ca: do not go together: " + e.getMessage());
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(
      String option, Path file, Function<String, ParameterException> wrong)
      throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (!all.isEmpty()) {
        return all;
      }
    } catch (IOException | CertificateException e) {
      throw wrong.apply(option + ": " + file + " can't be read as certificates: " + e.getMessage());
    }
    throw wrong.apply(option + ": " + file + " holds no certificate; name a PEM file");
  }

  private static PrivateKey key(Path file, Function<String, ParameterException> wrong)
      throws GeneralSecurityException, IOException {
    if (!Files.isReadable(file)) {
      throw wrong.apply("--cert-key: " + file + " can't be read");
    }
    Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (pem.find()) {
      byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
      for (String algorithm : ALGORITHMS) {
        Optional<PrivateKey> key = key(algorithm, der);
        if (key.isPresent()) {
          return key.get();
        }
      }
    }
    throw wrong.apply(
        "--cert-key: "
            + file
            + " holds no private key as PKCS #8; mend: openssl pkcs8 -topk8 -nodes -in KEY");
  }

  /** Empty where it is of another algorithm. */
  private static Optional<PrivateKey> key(String algorithm, byte[] der)
      throws GeneralSecurityException {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }
}
