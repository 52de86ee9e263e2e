package org.symbolon.token;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.LoginProofs.Refused;

/** A JWS in compact form (RFC 7515 section 7.1), taken apart and nothing yet believed. */
final class CompactJws {
  static final int MAX_LENGTH = 8192;
  private static final Pattern KID = Pattern.compile("[!-~]{1,128}");

  private final JsonMembers header;
  private final byte[] payload;
  private final byte[] signingInput;
  private final String signature;

  private CompactJws(JsonMembers header, byte[] payload, byte[] signingInput, String signature) {
    this.header = header;
    this.payload = payload;
    this.signingInput = signingInput;
    this.signature = signature;
  }

  /** The outcome of taking a text apart. */
  sealed interface Reading permits Read, Faulty {}

  record Read(CompactJws jws) implements Reading {}

  record Faulty(Refused refused) implements Reading {}

  /**
   * Takes a text apart and judges its header.
   *
   * @param types the values of {@code typ} that are taken, in lower case; an absent one is, too
   */
  static Reading read(String text, Set<String> types) {
    if (text.length() > MAX_LENGTH) {
      return whole("send at most 8192 characters");
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length == 5) {
      return whole(
          "send a signed JWS in compact form; this has the five parts of an encrypted one");
    }
    if (parts.length != 3) {
      return whole("send a JWS in compact form: three parts of base64url with dots between");
    }
    byte[] header = decode(parts[0]);
    byte[] payload = decode(parts[1]);
    if (header == null || payload == null || decode(parts[2]) == null) {
      return whole("encode each part in base64url without padding (RFC 7515 section 2)");
    }
    if (parts[2].isEmpty()) {
      return whole("sign it: the third part is empty");
    }
    Optional<Map<String, Object>> members = StrictJson.object(header);
    if (members.isEmpty()) {
      return whole("make the header a JSON object in UTF-8 with each member once");
    }
    JsonMembers parameters = new JsonMembers(members.get());
    Refused refused = judge(parameters, types);
    if (refused != null) {
      return new Faulty(refused);
    }
    byte[] input = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
    return new Read(new CompactJws(parameters, payload, input, parts[2]));
  }

  private static @Nullable Refused judge(JsonMembers header, Set<String> types) {
    if (header.text("alg").isEmpty()) {
      return new Refused("alg", "name the signature's algorithm in the header, as ES256");
    }
    for (String name : new String[] {"crit", "zip", "enc"}) {
      if (header.has(name)) {
        return new Refused(name, "leave this header parameter out: no extension is understood");
      }
    }
    // Keys come from the configured source alone: one that a message brings proves nothing.
    for (String name : new String[] {"jku", "x5u", "jwk"}) {
      if (header.has(name)) {
        return new Refused(name, "leave this header parameter out and name the key by kid");
      }
    }
    if (header.has("b64") && !Boolean.TRUE.equals(header.values().get("b64"))) {
      return new Refused("b64", "leave it out: the payload has to be in base64url");
    }
    if (header.has("typ")
        && !types.contains(header.text("typ").orElse("").toLowerCase(Locale.ROOT))) {
      return new Refused(
          "typ", "leave it out or use " + String.join(" or ", types).toUpperCase(Locale.ROOT));
    }
    if (header.has("kid") && !KID.matcher(header.text("kid").orElse("")).matches()) {
      return new Refused("kid", "use 1 to 128 visible ASCII characters");
    }
    return null;
  }

  String algorithm() {
    return header.text("alg").orElse("");
  }

  /** The name of the key, empty where the header gives none. */
  String kid() {
    return header.text("kid").orElse("");
  }

  boolean hasType() {
    return header.has("typ");
  }

  byte[] signingInput() {
    return signingInput.clone();
  }

  /** In base64url. */
  String signature() {
    return signature;
  }

  /** The payload as claims; not to be believed before the signature is. */
  Optional<JsonMembers> claims() {
    return StrictJson.object(payload).map(JsonMembers::new);
  }

  private static Faulty whole(String mend) {
    return new Faulty(new Refused("assertion", mend));
  }

  /** Null unless the text is the one encoding of its bytes. */
  private static byte @Nullable [] decode(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      String again = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      return again.equals(text) ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
