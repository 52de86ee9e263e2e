package org.symbolon.gateways;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wire between a gateway and the service: hears the heads of all requests, counts connections,
 * and can be cut, hang, or answer in the service's place.
 */
final class Wiretap implements AutoCloseable {
  private final int port;
  private final int service;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile ServerSocket server;
  private volatile boolean hangs;
  private volatile Optional<String> answer = Optional.empty();

  Wiretap(int service) throws IOException {
    this.service = service;
    this.server = listen(0);
    this.port = server.getLocalPort();
  }

  int port() {
    return port;
  }

  /** How many connections were opened. */
  int connections() {
    return connections.get();
  }

  /** The head of the last request whose head holds a text. */
  String asked(String text) {
    return heads.reversed().stream()
        .filter(head -> head.contains(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing like " + text + " among " + heads));
  }

  /** How many heads held a text. */
  long times(String text) {
    return heads.stream().filter(head -> head.contains(text)).count();
  }

  /** The values of a field in a head. */
  static List<String> values(String head, String name) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .toList();
  }

  /** Refuses connections from now on. */
  void cut() throws IOException {
    server.close();
    drop();
  }

  /** Takes requests from now on and says nothing. */
  void hang() {
    hangs = true;
    drop();
  }

  /** Answers every request with these bytes from now on. */
  void answer(String raw) {
    answer = Optional.of(raw);
    drop();
  }

  /** Carries again what is said. */
  void mend() throws IOException {
    hangs = false;
    answer = Optional.empty();
    drop();
    if (server.isClosed()) {
      server = listen(port);
    }
  }

  private ServerSocket listen(int at) throws IOException {
    ServerSocket bound = new ServerSocket();
    bound.setReuseAddress(true);
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 512);
    Thread.ofVirtual().start(() -> accept(bound));
    return bound;
  }

  private void accept(ServerSocket bound) {
    while (!bound.isClosed()) {
      try {
        Socket gateway = bound.accept();
        connections.incrementAndGet();
        sockets.add(gateway);
        Thread.ofVirtual().start(() -> carry(gateway));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void carry(Socket gateway) {
    try (gateway;
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), service)) {
      gateway.setTcpNoDelay(true);
      behind.setTcpNoDelay(true);
      sockets.add(behind);
      Thread.ofVirtual().start(() -> back(behind, gateway));
      OutputStream out = behind.getOutputStream();
      Requests requests = new Requests(gateway.getInputStream());
      for (String head = requests.next(); !head.isEmpty(); head = requests.next()) {
        heads.add(head);
        if (answer.isPresent()) {
          requests.skip(OutputStream.nullOutputStream());
          gateway.getOutputStream().write(answer.get().getBytes(StandardCharsets.ISO_8859_1));
        } else if (!hangs) {
          out.write(head.getBytes(StandardCharsets.ISO_8859_1));
          requests.skip(out);
          out.flush();
        }
      }
    } catch (IOException e) {
      // Either side is gone; so is the connection.
    } finally {
      sockets.remove(gateway);
    }
  }

  private static void back(Socket behind, Socket gateway) {
    try (gateway) {
      behind.getInputStream().transferTo(gateway.getOutputStream());
    } catch (IOException e) {
      // Either side is gone; so is the connection.
    }
  }

  private void drop() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    sockets.clear();
  }

  @Override
  public void close() throws IOException {
    server.close();
    drop();
  }

  /** Reads requests, head by head. */
  private static final class Requests {
    private final InputStream in;
    private int body;

    Requests(InputStream in) {
      this.in = in;
    }

    /** The next head with its empty line; empty at the end. */
    String next() throws IOException {
      StringBuilder head = new StringBuilder();
      while (!head.toString().endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return "";
        }
        head.append((char) next);
      }
      body = values(head.toString(), "Content-Length").stream().mapToInt(Integer::parseInt).sum();
      return head.toString();
    }

    /** Carries the body on. */
    void skip(OutputStream out) throws IOException {
      out.write(in.readNBytes(body));
    }
  }
}
