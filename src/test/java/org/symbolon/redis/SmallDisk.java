package org.symbolon.redis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A disk with little room, on which synchronising may fail too. */
final class SmallDisk implements JournalFolder.Disk {
  final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
  volatile boolean isBroken;

  @Override
  public FileChannel open(
      Path file, Set<StandardOpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return new Limited(FileChannel.open(file, options, attributes));
  }

  private final class Limited extends FileChannel {
    private final FileChannel inner;

    Limited(FileChannel inner) {
      this.inner = inner;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      long fits = Math.min(room.get(), bytes.remaining());
      ByteBuffer some = bytes.slice(bytes.position(), (int) fits);
      int written = inner.write(some);
      room.addAndGet(-written);
      bytes.position(bytes.position() + written);
      if (bytes.hasRemaining()) {
        throw new IOException("No space left on device");
      }
      return written;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (isBroken) {
        throw new IOException("Input/output error");
      }
      inner.force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      room.addAndGet(Math.max(0, inner.size() - size));
      inner.truncate(size);
      return this;
    }

    @Override
    public long position() throws IOException {
      return inner.position();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
      inner.position(newPosition);
      return this;
    }

    @Override
    public long size() throws IOException {
      return inner.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
      inner.close();
    }

    @Override
    public int read(ByteBuffer bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] bytes, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer bytes, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }
  }
}
