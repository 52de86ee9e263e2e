package org.symbolon.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a port of this machine that can be cut: then nothing comes through, and nothing ends. Or
 * that loses replies alone.
 */
public final class Relay implements AutoCloseable {
  private static final int CHUNK = 8192;
  private final int target;
  private final OutputStream heard;
  private final ServerSocket door;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean isCut;
  private volatile boolean isMute;

  public Relay(int target) throws IOException {
    this(target, OutputStream.nullOutputStream());
  }

  /**
   * @param heard takes a copy of all that passes, either way; thread-safe
   */
  public Relay(int target, OutputStream heard) throws IOException {
    this.target = target;
    this.heard = heard;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var _ = Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  void cut() {
    isCut = true;
  }

  /** Loses what comes back from now on. */
  public void mute() {
    isMute = true;
  }

  /** Ends what stood still, as the network does at last; new connections come through. */
  public void mend() {
    // What is still on its way through has to be lost as well.
    sockets.forEach(Relay::end);
    isCut = false;
    isMute = false;
    // And what came meanwhile leads nowhere.
    sockets.forEach(Relay::end);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = door.accept();
        sockets.add(near);
        if (!isCut) {
          join(near);
        }
      }
    } catch (IOException e) {
      // Closed.
      return;
    }
  }

  private void join(Socket near) {
    try {
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(far);
      var _ = Thread.ofVirtual().start(() -> pump(near, far, false));
      var _ = Thread.ofVirtual().start(() -> pump(far, near, true));
    } catch (IOException e) {
      end(near);
    }
  }

  private void pump(Socket from, Socket to, boolean isReply) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        heard.write(chunk, 0, read);
        if (!isCut && !(isReply && isMute)) {
          out.write(chunk, 0, read);
        }
      }
    } catch (IOException e) {
      // Ended on one side, so on both.
    }
    end(from);
    end(to);
    sockets.remove(from);
    sockets.remove(to);
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(Relay::end);
  }
}
