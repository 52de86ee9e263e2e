package org.symbolon.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.symbolon.session.SecretText;

/**
 * The Redis ACL file that comes with the service, {@code redis/symbolon.acl}: one user, who may do
 * what the service does and nothing else. The SHA-256 of its password in hexadecimal takes the
 * place of {@code PASSWORD_SHA256}.
 */
public final class AclFile {
  public static final String USER = "symbolon";
  private static final String PLACE = "PASSWORD_SHA256";

  private AclFile() {}

  /** The file's text for a password; it holds the password's hash and no secret. */
  public static String withPassword(SecretText password) {
    try (InputStream in = AclFile.class.getResourceAsStream("/redis/symbolon.acl")) {
      if (in == null) {
        throw new IllegalStateException("no redis/symbolon.acl");
      }
      byte[] secret = password.reveal().getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret);
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .replace(PLACE, HexFormat.of().formatHex(hash));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
