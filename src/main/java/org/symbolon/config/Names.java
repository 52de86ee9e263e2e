package org.symbolon.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The shapes of names and addresses that the rest of the service demands. */
final class Names {
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9._-]{1,64}/[!-~]{1,255}");
  private static final Pattern CLIENT_CLASS = Pattern.compile("[a-z0-9-]{1,32}");

  static void tenant(Settings settings, String key) {
    for (String name : settings.texts(key)) {
      if (!isTenant(name)) {
        settings.fault(key, "1 to 64 characters of A-Z a-z 0-9 . _ - needed, not " + name);
      }
    }
  }

  /** A tenant and a subject. */
  static void account(Settings settings, String key) {
    for (String name : settings.texts(key)) {
      if (!ACCOUNT.matcher(name).matches()) {
        settings.fault(key, "a tenant and a subject as default/alice needed, not " + name);
      }
    }
  }

  static void clientClass(Settings settings, String key) {
    for (String name : settings.texts(key)) {
      if (!isClientClass(name)) {
        settings.fault(key, "1 to 32 characters of a-z 0-9 - needed, not " + name);
      }
    }
  }

  /** Where public keys are: an https address as it is, or a path from the settings' folder. */
  static Optional<String> jwks(Settings settings, String key, Path base) {
    Optional<String> text = settings.find(key);
    if (text.isPresent() && text.get().startsWith("http:")) {
      settings.fault(key, "https needed, or a path");
    }
    if (text.isEmpty() || text.get().startsWith("http")) {
      return text;
    }
    return settings.file(key, base).map(Path::toString);
  }

  static boolean isTenant(String name) {
    return TENANT.matcher(name).matches();
  }

  static boolean isClientClass(String name) {
    return CLIENT_CLASS.matcher(name).matches();
  }

  private Names() {}
}
