package org.symbolon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** For commands that need no key ring. */
public final class NoRings implements KeyRings {
  @Override
  public String fresh() {
    return "ring\n";
  }

  @Override
  public SortedMap<Integer, String> phases(Path file) {
    return new TreeMap<>();
  }

  @Override
  public SortedMap<Integer, String> change(Path file, Change change, int key, boolean isWritten)
      throws IOException {
    throw new IOException("no ring");
  }
}
