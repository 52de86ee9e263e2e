package org.symbolon.faults;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a Redis that, when told to, answers its commands itself. */
final class Impostor implements AutoCloseable {
  private static final Set<String> HANDSHAKE = Set.of("HELLO", "AUTH", "CLIENT", "PING");
  private static final Set<String> SCRIPTS = Set.of("EVAL", "EVALSHA");

  /**
   * No command: asked in the place of one that is lied about, so that the lie comes in its turn.
   */
  private static final String NONE = "NOCOMMAND";

  private static final String UNKNOWN = "-ERR unknown command '" + NONE + "'";
  private final int target;
  private final ServerSocket door;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile Optional<Lie> lie = Optional.empty();

  /**
   * What it does instead of passing a command on.
   *
   * @param reply bytes, one a character; none where it stays silent
   * @param toAll whether commands other than scripts are answered so as well
   */
  record Lie(String reply, Ending ending, boolean toAll) {}

  /** What becomes of the connection then. */
  enum Ending {
    OPEN,
    CLOSED,
    /** It stays open, and nothing that is said over it is ever answered. */
    DUMB
  }

  Impostor(int target) throws IOException {
    this.target = target;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var _ = Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  void lie(Lie told) {
    answered.set(0);
    lie = Optional.of(told);
  }

  /** Passes everything on again. */
  void stop() {
    lie = Optional.empty();
  }

  /** How many commands it has answered itself since it was told to. */
  int answered() {
    return answered.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = door.accept();
        sockets.add(near);
        var _ = Thread.ofVirtual().start(() -> serve(near));
      }
    } catch (IOException e) {
      // Closed.
      return;
    }
  }

  private void serve(Socket near) {
    try (near;
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
      sockets.add(far);
      InputStream in = new BufferedInputStream(near.getInputStream());
      OutputStream back = near.getOutputStream();
      Queue<String> lies = new ConcurrentLinkedQueue<>();
      var _ = Thread.ofVirtual().start(() -> replies(far, back, lies));
      OutputStream out = far.getOutputStream();
      boolean isDumb = false;
      while (true) {
        Command command = read(in);
        if (isDumb) {
          continue;
        }
        Optional<Lie> told = lie.filter(one -> applies(one, command.name()));
        if (told.isEmpty()) {
          out.write(command.bytes());
          continue;
        }
        answered.incrementAndGet();
        if (told.get().ending() == Ending.OPEN) {
          lies.add(told.get().reply());
          out.write(latin1("*1\r\n$" + NONE.length() + "\r\n" + NONE + "\r\n"));
          continue;
        }
        synchronized (back) {
          back.write(latin1(told.get().reply()));
          back.flush();
        }
        if (told.get().ending() == Ending.CLOSED) {
          return;
        }
        isDumb = told.get().ending() == Ending.DUMB;
      }
    } catch (IOException e) {
      // One side has ended, so both do.
      return;
    }
  }

  private static boolean applies(Lie lie, String command) {
    return lie.toAll() ? !HANDSHAKE.contains(command) : SCRIPTS.contains(command);
  }

  /** Passes replies on line by line, and lies where the line of a lie is. */
  private static void replies(Socket far, OutputStream back, Queue<String> lies) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      InputStream in = new BufferedInputStream(far.getInputStream());
      for (int next = in.read(); next >= 0; next = in.read()) {
        line.write(next);
        if (next == '\n') {
          String text = line.toString(StandardCharsets.ISO_8859_1);
          synchronized (back) {
            back.write(text.startsWith(UNKNOWN) ? latin1(lies.remove()) : line.toByteArray());
            back.flush();
          }
          line.reset();
        }
      }
      back.close();
    } catch (IOException e) {
      // One side has ended, so both do.
      return;
    }
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private record Command(String name, ByteArrayOutputStream read) {
    byte[] bytes() {
      return read.toByteArray();
    }
  }

  /** An array of bulk strings, as clients send them. */
  private static Command read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int words = number(in, bytes);
    String name = "";
    for (int i = 0; i < words; i++) {
      byte[] word = in.readNBytes(number(in, bytes) + 2);
      bytes.writeBytes(word);
      if (i == 0) {
        name = new String(word, StandardCharsets.US_ASCII).strip().toUpperCase(Locale.ROOT);
      }
    }
    return new Command(name, bytes);
  }

  private static int number(InputStream in, ByteArrayOutputStream bytes) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("ended");
      }
      bytes.write(next);
      line.append((char) next);
    }
    bytes.write('\n');
    return Integer.parseInt(line.substring(1).strip());
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
