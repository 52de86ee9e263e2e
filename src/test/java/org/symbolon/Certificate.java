package org.symbolon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate for tests, made by openssl: PEM files of a P-256 key. */
public record Certificate(Path chain, Path key) {
  private static final List<String> NEW_KEY =
      List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");

  public static Certificate selfSigned(Path folder, String host)
      throws IOException, InterruptedException {
    return selfSigned(folder, host, "DNS:" + host);
  }

  /**
   * Makes one.
   *
   * @param names for whom it is, as openssl writes them
   */
  public static Certificate selfSigned(Path folder, String host, String names)
      throws IOException, InterruptedException {
    Certificate certificate =
        new Certificate(folder.resolve(host + ".pem"), folder.resolve(host + ".key"));
    List<String> command = new ArrayList<>(NEW_KEY);
    command.addAll(List.of("-keyout", certificate.key.toString()));
    command.addAll(List.of("-addext", "subjectAltName=" + names));
    return make(command, host, certificate);
  }

  /** Another one for a client, with a key of its own. */
  public Certificate sign(Path folder, String client) throws IOException, InterruptedException {
    Certificate signed =
        new Certificate(folder.resolve(client + ".pem"), folder.resolve(client + ".key"));
    List<String> command = new ArrayList<>(NEW_KEY);
    command.addAll(List.of("-keyout", signed.key.toString()));
    return sign(command, client, signed);
  }

  /** The same client's next one, with the same key. */
  public Certificate renew(Path folder, Certificate before, String client)
      throws IOException, InterruptedException {
    Certificate renewed = new Certificate(folder.resolve(client + "-renewed.pem"), before.key);
    return sign(List.of("-key", before.key.toString()), client, renewed);
  }

  private Certificate sign(List<String> of, String client, Certificate signed)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(of);
    command.addAll(List.of("-CA", chain.toString(), "-CAkey", key.toString()));
    command.addAll(List.of("-addext", "basicConstraints=critical,CA:FALSE"));
    command.addAll(List.of("-addext", "extendedKeyUsage=clientAuth"));
    return make(command, client, signed);
  }

  private static Certificate make(List<String> how, String name, Certificate made)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-days", "2"));
    command.addAll(how);
    command.addAll(List.of("-nodes", "-subj", "/CN=" + name, "-out", made.chain.toString()));
    Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (openssl.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
    return made;
  }

  /** The hash of its key, by which a browser trusts it. */
  public String pin() throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(chain)) {
      byte[] spki =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(in)
              .getPublicKey()
              .getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(spki));
    }
  }
}
