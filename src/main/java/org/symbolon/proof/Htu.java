package org.symbolon.proof;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the address of a proof with that of its request, both without query and fragment, after
 * the normalisation of RFC 3986 sections 6.2.2 and 6.2.3 (RFC 9449 section 4.3).
 */
final class Htu {
  private static final Pattern ENCODED = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]");

  private Htu() {}

  static boolean isSame(String told, String asked) {
    Optional<String> plain = plain(told);
    return plain.isPresent() && plain.equals(plain(asked));
  }

  /** Empty where it is no http or https address, or holds a name and password. */
  private static Optional<String> plain(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean isWeb = scheme.equals("http") || scheme.equals("https");
    if (!isWeb || uri.getHost() == null || uri.getRawUserInfo() != null) {
      return Optional.empty();
    }
    int usual = scheme.equals("https") ? 443 : 80;
    String port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
    String path = URI.create("x:" + decoded(uri.getRawPath())).normalize().getRawPath();
    return Optional.of(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path);
  }

  /** Decodes what needs no encoding, and writes the rest of it in one case. */
  private static String decoded(String path) {
    Matcher matcher = ENCODED.matcher(path.isEmpty() ? "/" : path);
    return matcher.replaceAll(
        found -> {
          String decoded = Character.toString((char) Integer.parseInt(found.group(1), 16));
          return Matcher.quoteReplacement(
              UNRESERVED.matcher(decoded).matches()
                  ? decoded
                  : found.group().toUpperCase(Locale.ROOT));
        });
  }
}
