package org.symbolon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;

/** Makes key rings, and changes those in files. No key material comes out but of {@link #fresh}. */
public interface KeyRings {
  /** The text of a ring with fresh keys. */
  String fresh();

  /**
   * The phases of a file's keys, by ID.
   *
   * @throws IOException in words for an operator
   */
  SortedMap<Integer, String> phases(Path file) throws IOException;

  /**
   * Changes a file, as a whole or not at all.
   *
   * @param key what it is about; for {@link Change#ADD} it is not asked for
   * @param isWritten false only says what would be
   * @return the phases after the change
   * @throws IOException in words for an operator
   */
  SortedMap<Integer, String> change(Path file, Change change, int key, boolean isWritten)
      throws IOException;

  /** What can be done to a ring. */
  enum Change {
    /** A fresh key, accepted and not signing yet. */
    ADD,
    /** A key signs, and the one that did is accepted still. */
    SIGN,
    /** A key is refused, with every session under it; not the one that signs. */
    RETIRE,
    /** The same for the one that signs: a fresh key signs at once. */
    REPLACE
  }
}
