package org.symbolon;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a node and its Redis, on loopback, and does to the traffic what networks do. */
final class FaultProxy implements AutoCloseable {
  /** What happens to the traffic. */
  enum Fault {
    NONE,
    /** Published messages vanish, and nothing else. */
    PUSHES_DROPPED,
    /** Connections stay open, and nothing gets through either way. */
    HALF_OPEN,
    /** Connections are closed, and new ones as soon as they are made. */
    CUT
  }

  private final int target;
  private final ServerSocket listening;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger dropped = new AtomicInteger();
  private volatile Fault fault = Fault.NONE;

  /**
   * @param target a port of loopback
   */
  FaultProxy(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** How much did not get through: messages, or reads of a socket, or connections. */
  int dropped() {
    return dropped.get();
  }

  void set(Fault next) {
    fault = next;
    if (next != Fault.PUSHES_DROPPED) {
      // What was swallowed is missing in the middle of a connection: none goes on after it.
      boolean isOver = next == Fault.CUT || next == Fault.NONE;
      sockets.stream().filter(_ -> isOver).forEach(FaultProxy::close);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        if (fault == Fault.CUT) {
          dropped.incrementAndGet();
          close(client);
        } else {
          join(client, new Socket(InetAddress.getLoopbackAddress(), target));
        }
      }
    } catch (IOException e) {
      // Closed: that ends it.
      return;
    }
  }

  private void join(Socket client, Socket server) throws IOException {
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    sockets.add(client);
    sockets.add(server);
    threads.execute(() -> pump(client, server, false));
    threads.execute(() -> pump(server, client, true));
  }

  private void pump(Socket from, Socket to, boolean isReplies) {
    try (from;
        to) {
      InputStream in = new BufferedInputStream(from.getInputStream(), 1 << 16);
      OutputStream out = to.getOutputStream();
      byte[] some = new byte[1 << 16];
      while (true) {
        byte[] next;
        if (isReplies) {
          next = Frames.next(in);
        } else {
          int length = in.read(some);
          next = length < 0 ? new byte[0] : Arrays.copyOf(some, length);
        }
        if (next.length == 0) {
          return;
        }
        boolean isLost =
            fault == Fault.HALF_OPEN
                || (fault == Fault.PUSHES_DROPPED && isReplies && Frames.isMessage(next));
        if (isLost) {
          dropped.incrementAndGet();
        } else {
          out.write(next);
        }
      }
    } catch (IOException e) {
      // Either end has gone, and the other goes with it.
      return;
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    sockets.forEach(FaultProxy::close);
    threads.shutdownNow();
  }

  /** Replies of a Redis, RESP3, whole. */
  private static final class Frames {
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);

    /** The bytes of the next reply; none at the end. */
    static byte[] next(InputStream in) throws IOException {
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      return copy(in, frame) ? frame.toByteArray() : new byte[0];
    }

    static boolean isMessage(byte[] frame) {
      return frame[0] == '>'
          && new String(frame, StandardCharsets.ISO_8859_1)
              .contains(new String(MESSAGE, StandardCharsets.ISO_8859_1) + "\r\n");
    }

    private static boolean copy(InputStream in, ByteArrayOutputStream frame) throws IOException {
      int type = in.read();
      if (type < 0) {
        return false;
      }
      frame.write(type);
      String line = line(in, frame);
      switch (type) {
        case '$', '=', '!' -> {
          int length = Integer.parseInt(line);
          if (length >= 0) {
            frame.write(in.readNBytes(length + 2));
          }
        }
        case '*', '~', '>' -> copy(in, frame, Integer.parseInt(line));
        case '%' -> copy(in, frame, 2 * Integer.parseInt(line));
        default -> {}
      }
      return true;
    }

    private static void copy(InputStream in, ByteArrayOutputStream frame, int parts)
        throws IOException {
      for (int i = 0; i < parts; i++) {
        copy(in, frame);
      }
    }

    private static String line(InputStream in, ByteArrayOutputStream frame) throws IOException {
      StringBuilder line = new StringBuilder();
      int next;
      while ((next = in.read()) != '\n' && next >= 0) {
        frame.write(next);
        line.append((char) next);
      }
      frame.write('\n');
      return line.toString().strip();
    }
  }
}
