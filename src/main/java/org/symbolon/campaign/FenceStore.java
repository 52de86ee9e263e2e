package org.symbolon.campaign;

import java.util.List;

/** Where all nodes find the fences. Its calls block, and fail with {@link OutageException}. */
public interface FenceStore {
  /** Changes whenever a fence does; asked some times a second. */
  long version() throws OutageException;

  /** All of them, lifted ones included. */
  List<Fence> all() throws OutageException;

  /** Writes one that the store has lost, unless it has a later revision of it. */
  void restore(Fence fence) throws OutageException;

  /** Forgets one that is outlived. */
  void forget(Fence fence) throws OutageException;
}
