package org.symbolon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A certificate for tests, made by openssl: PEM files of a P-256 key. */
record Certificate(Path chain, Path key) {
  static Certificate selfSigned(Path folder, String host) throws IOException, InterruptedException {
    Certificate certificate =
        new Certificate(folder.resolve(host + ".pem"), folder.resolve(host + ".key"));
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + host,
                "-addext",
                "subjectAltName=DNS:" + host,
                "-keyout",
                certificate.key.toString(),
                "-out",
                certificate.chain.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (openssl.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
    return certificate;
  }
}
