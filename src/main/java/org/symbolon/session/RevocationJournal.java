package org.symbolon.session;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The node's own record of the revocations that it acknowledged, which outlives its process and
 * does not depend on the store.
 */
public interface RevocationJournal {
  /** Keeps nothing and promises so: for nodes whose durability is the store's alone. */
  RevocationJournal NONE =
      new RevocationJournal() {
        @Override
        public CompletionStage<Outcome> append(List<Revoked> revoked) {
          return CompletableFuture.completedStage(new Kept());
        }

        @Override
        public List<Revoked> held() {
          return List.of();
        }
      };

  /**
   * Writes revocations. The stage ends when they are on the disk, on the journal's own thread, and
   * never in an exception.
   */
  CompletionStage<Outcome> append(List<Revoked> revoked);

  /**
   * Reads what it holds and has not been outlived. Blocks.
   *
   * @throws java.io.UncheckedIOException where the disk can't be read
   */
  List<Revoked> held();

  /** What became of an entry. */
  sealed interface Outcome permits Kept, Refused {}

  /** It survives the process and the machine's loss of power. */
  record Kept() implements Outcome {}

  /**
   * It may be lost.
   *
   * @param reason for operators, as in {@code No space left on device}
   */
  record Refused(String reason) implements Outcome {}
}
