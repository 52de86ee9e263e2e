package org.symbolon.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A self-signed certificate for localhost and its key, as PEM. */
public final class PemPair {
  private static final char[] PASSWORD = "changeit".toCharArray();
  public final X509Certificate certificate;
  private final String certificatePem;
  private final String keyPem;

  private PemPair(X509Certificate certificate, String certificatePem, String keyPem) {
    this.certificate = certificate;
    this.certificatePem = certificatePem;
    this.keyPem = keyPem;
  }

  public static PemPair make(Path folder, String name, String algorithm) throws Exception {
    Path store = folder.resolve(name + ".p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            algorithm,
            "-dname",
            "CN=" + name,
            "-ext",
            "SAN=dns:localhost,ip:127.0.0.1",
            "-validity",
            "30",
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
    return read(store);
  }

  private static PemPair read(Path store) throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    X509Certificate certificate = (X509Certificate) keys.getCertificate("a");
    return new PemPair(
        certificate,
        pem("CERTIFICATE", certificate.getEncoded()),
        pem("PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded()));
  }

  private static String pem(String what, byte @Nullable [] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  public PemPair writeCertificate(Path file) throws IOException {
    Files.writeString(file, certificatePem);
    return this;
  }

  public PemPair writeKey(Path file) throws IOException {
    Files.writeString(file, keyPem);
    return this;
  }
}
