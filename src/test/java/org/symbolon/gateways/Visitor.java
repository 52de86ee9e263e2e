package org.symbolon.gateways;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Somebody outside: sends exactly the fields that it is told over TLS to a gateway, each request on
 * a connection of its own, and reads whatever comes.
 */
final class Visitor {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final SSLContext ANYONE = anyone();

  private final String host;
  private final int port;
  private final boolean tls;

  Visitor(String host, int port, boolean tls) {
    this.host = host;
    this.port = port;
    this.tls = tls;
  }

  String origin() {
    return "https://" + host + ":" + port;
  }

  Answer get(String path, String... fields) {
    return send("GET", path, "", fields);
  }

  /** Sends one request, each field as {@code Name: value}. */
  Answer send(String method, String path, String body, String... fields) {
    try (Socket socket = connect()) {
      StringBuilder head = head(method, path, fields).append("Connection: close\r\n");
      if (!body.isEmpty() || method.equals("POST")) {
        head.append("Content-Length: ").append(body.length()).append("\r\n");
      }
      socket.getOutputStream().write((head + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return read(socket.getInputStream().readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    }
  }

  /** Opens a WebSocket; where that succeeds, the answer's body is what came back for a frame. */
  Answer webSocket(String path, String... fields) {
    try (Socket socket = connect()) {
      StringBuilder head =
          head("GET", path, fields)
              .append("Connection: Upgrade\r\nUpgrade: websocket\r\n")
              .append("Sec-WebSocket-Version: 13\r\n")
              .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      Answer opened = read(headOf(in));
      if (opened.status() != 101) {
        return opened;
      }
      // FIN, text, masked with zeros, "ping".
      socket
          .getOutputStream()
          .write(new byte[] {(byte) 0x81, (byte) 0x84, 0, 0, 0, 0, 'p', 'i', 'n', 'g'});
      socket.getOutputStream().flush();
      byte[] frame = in.readNBytes(6);
      return new Answer(
          101, opened.fields(), new String(frame, 2, frame.length - 2, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  /** Sends the same request many times over one connection and gives the statuses. */
  List<Integer> repeat(int times, String path, String... fields) {
    byte[] request = (head("GET", path, fields) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    List<Integer> statuses = new ArrayList<>();
    try (Socket socket = connect()) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < times; i++) {
        socket.getOutputStream().write(request);
        socket.getOutputStream().flush();
        Answer answer = read(headOf(in));
        in.readNBytes(Integer.parseInt(answer.joined("Content-Length")));
        statuses.add(answer.status());
      }
      return statuses;
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  private StringBuilder head(String method, String path, String... fields) {
    StringBuilder head =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    return head;
  }

  private Socket connect() throws IOException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
    plain.setSoTimeout(PATIENCE_MILLIS);
    return tls ? ANYONE.getSocketFactory().createSocket(plain, host, port, true) : plain;
  }

  private static byte[] headOf(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      bytes.write(next);
      if (next == '\n' && bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        break;
      }
    }
    return bytes.toByteArray();
  }

  private static Answer read(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IllegalStateException("no reply but: " + text);
    }
    List<String> lines = new ArrayList<>(List.of(text.substring(0, end).split("\r\n", -1)));
    int status = Integer.parseInt(lines.removeFirst().split(" ", -1)[1]);
    Answer bare = new Answer(status, List.copyOf(lines), text.substring(end + 4));
    return bare.joined("Transfer-Encoding").equals("chunked")
        ? new Answer(status, bare.fields(), unchunked(bare.body()))
        : bare;
  }

  private static String unchunked(String body) {
    StringBuilder whole = new StringBuilder();
    int at = 0;
    while (true) {
      int line = body.indexOf("\r\n", at);
      int size = Integer.parseInt(body.substring(at, line).strip(), 16);
      if (size == 0) {
        return whole.toString();
      }
      whole.append(body, line + 2, line + 2 + size);
      at = line + 2 + size + 2;
    }
  }

  /** The certificate under test is self-signed. */
  private static SSLContext anyone() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Believer()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Believer implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
