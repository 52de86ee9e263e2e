package org.symbolon.http.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.symbolon.http.Reply;
import org.symbolon.http.SetCookie;

/**
 * A reply as {@code envoy.service.auth.v3.CheckResponse}.
 *
 * <p>Every field that goes to the application overwrites the client's, or has Envoy remove it:
 * {@code append_action} is never left to Envoy, whose default adds to what the client sent. Empty
 * values are removals, for Envoy may skip to set them. {@code append} alone is read by all of its
 * releases, and means what {@code append_action} does where both are given.
 */
final class CheckResponse {
  /** {@code google.rpc.Code}, of which Envoy looks whether it is OK alone. */
  private static final Map<Integer, Integer> CODES = Map.of(200, 0, 401, 16, 403, 7, 503, 14);

  private static final int OVERWRITE_IF_EXISTS_OR_ADD = 2;
  private static final String IDENTITY = "x-session-";

  private CheckResponse() {}

  private interface Content {
    void to(CodedOutputStream out) throws IOException;
  }

  /**
   * Encodes a reply.
   *
   * @param own the names of cookies that are kept from the application
   */
  static byte[] of(Reply reply, CheckRequest request, Set<String> own) {
    int code = CODES.getOrDefault(reply.status(), 14);
    ByteString status = message(out -> out.writeInt32(1, code));
    ByteString http =
        reply.status() == 200 ? allowed(reply, request, own) : denied(reply, reply.status());
    return message(
            out -> {
              out.writeBytes(1, status);
              out.writeBytes(reply.status() == 200 ? 3 : 2, http);
            })
        .toByteArray();
  }

  /** {@code OkHttpResponse}. */
  private static ByteString allowed(Reply reply, CheckRequest request, Set<String> own) {
    TreeSet<String> removed = new TreeSet<>();
    for (String name : request.fields().names()) {
      // A CGI-like application takes X_Session_User for X-Session-User.
      if (name.toLowerCase(Locale.ROOT).replace('_', '-').startsWith(IDENTITY)) {
        removed.add(name.toLowerCase(Locale.ROOT));
      }
    }
    String cookies = AppCookies.without(own, request.fields().getAll("Cookie"));
    return message(
        out -> {
          for (Map.Entry<String, String> field : reply.fields().entrySet()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (field.getValue().isEmpty()) {
              removed.add(name);
            } else {
              removed.remove(name);
              out.writeBytes(2, overwriting(name, field.getValue()));
            }
          }
          if (cookies.isEmpty()) {
            removed.add("cookie");
          } else {
            out.writeBytes(2, overwriting("cookie", cookies));
          }
          for (String name : removed) {
            out.writeString(5, name);
          }
          Optional<SetCookie> set = reply.cookie();
          if (set.isPresent()) {
            out.writeBytes(6, appending("set-cookie", set.get().line().reveal()));
            // What carries a session cookie must not enter a shared cache.
            out.writeBytes(6, overwriting("cache-control", "private, no-store"));
          }
        });
  }

  /** {@code DeniedHttpResponse}. */
  private static ByteString denied(Reply reply, int status) {
    ByteString told = message(out -> out.writeEnum(1, status));
    return message(
        out -> {
          out.writeBytes(1, told);
          for (Map.Entry<String, String> field : reply.fields().entrySet()) {
            if (!field.getKey().toLowerCase(Locale.ROOT).startsWith(IDENTITY)
                || field.getKey().equals("X-Session-Error")) {
              out.writeBytes(
                  2, overwriting(field.getKey().toLowerCase(Locale.ROOT), field.getValue()));
            }
          }
          if (reply.cookie().isPresent()) {
            out.writeBytes(2, overwriting("set-cookie", reply.cookie().get().line().reveal()));
          }
          out.writeBytes(2, overwriting("cache-control", "no-store"));
        });
  }

  /** {@code HeaderValueOption}. */
  private static ByteString overwriting(String name, String value) {
    return message(
        out -> {
          out.writeBytes(1, field(name, value));
          out.writeEnum(3, OVERWRITE_IF_EXISTS_OR_ADD);
        });
  }

  private static ByteString appending(String name, String value) {
    return message(
        out -> {
          out.writeBytes(1, field(name, value));
          out.writeBytes(2, message(yes -> yes.writeBool(1, true)));
        });
  }

  private static ByteString field(String name, String value) {
    return message(
        out -> {
          out.writeString(1, name);
          out.writeString(2, value);
        });
  }

  private static ByteString message(Content content) {
    try {
      ByteString.Output bytes = ByteString.newOutput();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      content.to(out);
      out.flush();
      return bytes.toByteString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
