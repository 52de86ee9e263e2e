package org.symbolon.config;

import java.util.regex.Pattern;

/** The shapes of names that the rest of the service demands. */
final class Names {
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern CLIENT_CLASS = Pattern.compile("[a-z0-9-]{1,32}");

  static void tenant(Settings settings, String key) {
    for (String name : settings.texts(key)) {
      if (!isTenant(name)) {
        settings.fault(key, "1 to 64 characters of A-Z a-z 0-9 . _ - needed, not " + name);
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

  static boolean isTenant(String name) {
    return TENANT.matcher(name).matches();
  }

  static boolean isClientClass(String name) {
    return CLIENT_CLASS.matcher(name).matches();
  }

  private Names() {}
}
