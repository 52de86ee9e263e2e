package org.symbolon.campaign;

import java.io.IOException;
import java.util.List;

/** Keeps what was ended, from before it is. */
public interface Evidence {
  /** Writes lines and waits until they are on the disk. Blocks. */
  void append(String campaign, List<String> lines) throws IOException;

  /** Where it is to be found, for people. */
  String place(String campaign);
}
