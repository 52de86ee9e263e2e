package org.symbolon.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A connection that stays open to a listener of a node; one request at a time. */
final class Line implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private final int port;
  private final int patienceMillis;
  private @Nullable Socket socket;
  private @Nullable InputStream in;

  /** What came back; status 0 where nothing did. */
  record Answer(int status, String body) {}

  Line(int port) {
    this(port, PATIENCE);
  }

  /**
   * @param patience how long a reply may take
   */
  Line(int port, Duration patience) {
    this.port = port;
    this.patienceMillis = Math.toIntExact(patience.toMillis());
  }

  /**
   * @param fields each with CR and LF at its end
   */
  Answer ask(String method, String path, String fields, String body) {
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    String request =
        "%s %s HTTP/1.1\r\nHost: localhost:%d\r\n%s%s\r\n%s"
            .formatted(method, path, port, fields, length, body);
    try {
      return exchange(request.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      close();
      return new Answer(0, "");
    }
  }

  private Answer exchange(byte[] request) throws IOException {
    Socket open = socket;
    InputStream from = in;
    if (open == null || from == null) {
      open = new Socket();
      socket = open;
      open.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patienceMillis);
      open.setSoTimeout(patienceMillis);
      open.setTcpNoDelay(true);
      from = new BufferedInputStream(open.getInputStream());
      in = from;
    }
    open.getOutputStream().write(request);
    int status = Integer.parseInt(line(from).split(" ", 3)[1]);
    int length = 0;
    boolean isLast = false;
    for (String field = line(from); !field.isEmpty(); field = line(from)) {
      String lower = field.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
      isLast |= lower.equals("connection: close");
    }
    String body = new String(from.readNBytes(length), StandardCharsets.UTF_8);
    if (isLast) {
      close();
    }
    return new Answer(status, body);
  }

  private static String line(InputStream from) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int next = from.read(); next != '\n'; next = from.read()) {
      if (next < 0) {
        throw new IOException("closed");
      }
      if (next != '\r') {
        text.append((char) next);
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // It is given up in any case.
    }
    socket = null;
    in = null;
  }
}
