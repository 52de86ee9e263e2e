package org.symbolon.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends exactly what it is told, and reads replies byte by byte. */
public final class Wire implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  /** One reply. */
  public record Answer(int status, List<String> fields, String body) {
    /** The values of a field, the name in any case. */
    public List<String> all(String name) {
      String start = name.toLowerCase(java.util.Locale.ROOT) + ":";
      return fields.stream()
          .filter(f -> f.toLowerCase(java.util.Locale.ROOT).startsWith(start))
          .map(f -> f.substring(start.length()).strip())
          .toList();
    }

    /** The one value of a field; fails for none and for several. */
    public String one(String name) {
      List<String> all = all(name);
      if (all.size() != 1) {
        throw new AssertionError(name + " stands there " + all.size() + " times in " + this);
      }
      return all.getFirst();
    }
  }

  private final Socket socket;

  public Wire(int port) {
    this(InetAddress.getLoopbackAddress().getHostAddress(), port);
  }

  public Wire(String host, int port) {
    try {
      socket = new Socket(host, port);
      socket.setSoTimeout(PATIENCE_MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Over a connection that was made otherwise. */
  public Wire(Socket connected) {
    socket = connected;
  }

  /** Sends one request on a connection of its own. */
  public static Answer send(int port, String request) {
    try (Wire wire = new Wire(port)) {
      return wire.write(request).read(request.startsWith("HEAD "));
    }
  }

  /** Sends a request line, fields and a body, with {@code Host} and {@code Content-Length}. */
  public static Answer call(int port, String line, List<String> fields, String body) {
    return send(port, request(line, port, fields, body));
  }

  /** The bytes of a well-formed request. */
  public static String request(String line, int port, List<String> fields, String body) {
    StringBuilder text = new StringBuilder(line + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
    fields.forEach(field -> text.append(field).append("\r\n"));
    if (!body.isEmpty() || line.startsWith("POST ")) {
      int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
      text.append("Content-Length: ").append(length).append("\r\n");
    }
    return text.append("\r\n").append(body).toString();
  }

  /** Each character is one byte. */
  public Wire write(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param toHead a reply to HEAD has no body
   */
  public Answer read(boolean toHead) {
    try {
      InputStream in = socket.getInputStream();
      String head = head(in);
      if (head.isEmpty()) {
        return new Answer(0, List.of(), "");
      }
      List<String> lines = new ArrayList<>(List.of(head.split("\r\n", -1)));
      int status = Integer.parseInt(lines.removeFirst().split(" ", 3)[1]);
      Answer bare = new Answer(status, List.copyOf(lines), "");
      if (status == 100) {
        return bare;
      }
      List<String> length = bare.all("Content-Length");
      int size = toHead || length.isEmpty() ? 0 : Integer.parseInt(length.getFirst());
      byte[] body = in.readNBytes(size);
      return new Answer(status, bare.fields(), new String(body, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      bytes.write(next);
      String text = bytes.toString(StandardCharsets.ISO_8859_1);
      if (text.endsWith("\r\n\r\n")) {
        return text.substring(0, text.length() - 4);
      }
    }
  }

  /** True when the peer has closed; waits for it. */
  public boolean isClosed() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
