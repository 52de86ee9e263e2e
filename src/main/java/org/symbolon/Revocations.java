package org.symbolon;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.Configuration;
import org.symbolon.nearcache.Overlay;
import org.symbolon.redis.FileJournal;
import org.symbolon.redis.Reassertion;
import org.symbolon.redis.RedisLink;
import org.symbolon.redis.RedisSessionStore;
import org.symbolon.session.Indicators;
import org.symbolon.session.RevocationJournal;
import org.symbolon.session.Revoked;
import org.symbolon.session.SessionIds;

/** The revocations that a node knows of, keeps, and writes again where the store has lost them. */
record Revocations(Overlay known, RevocationJournal journal, Reassertion again) {
  private static final Logger LOG = LoggerFactory.getLogger(Revocations.class);
  private static final long MARKS_MILLIS = 2_000;

  /** Opens the journal, if there is one, and learns what it holds. */
  static Revocations open(
      Configuration configuration,
      Node node,
      SessionIds ids,
      RedisLink link,
      InstantSource clock,
      Indicators indicators)
      throws Symbolon.StartFailure {
    RevocationJournal journal = journal(configuration, node, clock, indicators);
    Overlay known =
        new Overlay(ids, clock, configuration.revocation().known(), Revocations::tellOfCondensing);
    try {
      List<Revoked> held = journal.held();
      held.forEach(known::learn);
      if (!held.isEmpty()) {
        LOG.info("journal: {} revocations are known from it", held.size());
      }
    } catch (UncheckedIOException e) {
      throw new Symbolon.StartFailure("journal.directory: can't be read: " + e.getMessage());
    }
    return new Revocations(known, journal, new Reassertion(link, known));
  }

  private static RevocationJournal journal(
      Configuration configuration, Node node, InstantSource clock, Indicators indicators)
      throws Symbolon.StartFailure {
    Optional<Path> folder = configuration.revocation().journal();
    if (folder.isEmpty()) {
      return RevocationJournal.NONE;
    }
    return switch (FileJournal.open(folder.get(), clock, indicators)) {
      case FileJournal.Opened(FileJournal journal, var reports) -> {
        reports.forEach(report -> LOG.error("journal: {}", report));
        yield node.with(journal);
      }
      case FileJournal.Unusable(String reason) ->
          throw new Symbolon.StartFailure("journal.directory: " + reason);
    };
  }

  private static void tellOfCondensing() {
    LOG.warn(
        "no room for more revocations in a lane: all sessions of its fullest bucket that were"
            + " issued up to now count as over; raise revocation.known");
  }

  /** Brings together what this node knows and what the store does, before anybody is let in. */
  void begin(RedisSessionStore store) {
    again.everything();
    try {
      store.readMarks().toCompletableFuture().get(MARKS_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      // Each lane's are read before the first of its sessions is judged.
      LOG.warn("the store's not-before marks can't be read yet: {}", e.toString());
    }
  }
}
