package org.symbolon;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.symbolon.audit.ChainedTrail;
import org.symbolon.audit.Checkpoint;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.Configuration;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.Presenter;
import org.symbolon.telemetry.AuditLines;

/** Where audit events go, as a configuration names it. */
final class Audits {
  private Audits() {}

  /**
   * The trail of everything that happens, as little as is wanted of who did it.
   *
   * @param stream keeps checkpoints of the file too
   */
  static AuditTrail open(
      Configuration configuration, Node node, InstantSource clock, AuditTrail stream)
      throws Symbolon.StartFailure {
    AuditTrail trail = opened(configuration, node, clock, stream);
    return configuration.privacy().presenters() ? trail : event -> trail.record(nameless(event));
  }

  private static AuditEvent nameless(AuditEvent event) {
    return new AuditEvent(
        event.at(),
        event.action(),
        event.tenant(),
        event.subject(),
        event.handle(),
        new Presenter("", "", event.presenter().gateway()),
        event.detail());
  }

  /** With the file, where there is one. */
  private static AuditTrail opened(
      Configuration configuration, Node node, InstantSource clock, AuditTrail stream)
      throws Symbolon.StartFailure {
    Optional<Path> file = configuration.audit().file().map(Path::toAbsolutePath);
    if (file.isEmpty()) {
      return AuditTrail.all(new AuditLines(), stream);
    }
    try {
      ChainedTrail chained =
          ChainedTrail.open(
              file.get(),
              AuditLines::line,
              checkpoint -> stream.record(event(file.get(), checkpoint, clock)),
              clock);
      return AuditTrail.all(node.with(chained), stream);
    } catch (AccessDeniedException | NoSuchFileException e) {
      throw new Symbolon.StartFailure(
          "audit.file: " + e.getMessage() + " can't be written; name a writable file");
    } catch (IOException e) {
      throw new Symbolon.StartFailure("audit.file: " + e.getMessage());
    }
  }

  private static AuditEvent event(Path file, Checkpoint checkpoint, InstantSource clock) {
    return new AuditEvent(
        clock.instant(),
        AuditEvent.Action.AUDIT_CHECKPOINT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Presenter.UNKNOWN,
        Map.of("file", file.toString(), "checkpoint", checkpoint.toString()));
  }
}
