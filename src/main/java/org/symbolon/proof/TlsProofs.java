package org.symbolon.proof;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingProofs;
import org.symbolon.session.Evidence;
import org.symbolon.session.QuickProof;
import org.symbolon.session.Reason;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;

/**
 * Compares what a client's TLS shows with what its session is bound to: its certificate (RFC 8705
 * section 3), that one's key alone, or the connection itself (RFC 9266). Whoever ended the client's
 * TLS has verified the certificate; a renewed one is another.
 */
public final class TlsProofs implements BindingProofs {
  @Override
  public CompletionStage<Finding> judge(
      Session session, Binding binding, Evidence evidence, Supplier<SecretText> id, Instant now) {
    return CompletableFuture.completedStage(judge(binding, evidence));
  }

  private static Finding judge(Binding binding, Evidence evidence) {
    return switch (binding.kind()) {
      case CERTIFICATE ->
          compare(
              evidence.certificate().map(Evidence.Certificate::thumbprint), binding, "x5t#S256");
      case CERTIFICATE_KEY ->
          compare(
              evidence.certificate().map(shown -> shown.key().get().orElse("")),
              binding,
              "certificate key");
      case TLS_EXPORTER -> compare(evidence.channel(), binding, "tls-exporter");
      case DBSC, DPOP -> throw new IllegalArgumentException("no binding by TLS: " + binding);
    };
  }

  @Override
  public Optional<QuickProof> quick(Session session, Binding binding) {
    return Optional.of((_, evidence, _) -> judge(binding, evidence.get()) instanceof Proved);
  }

  private static Finding compare(Optional<String> shown, Binding binding, String fault) {
    if (shown.isEmpty()) {
      return new NotProved(Reason.BINDING_MISSING);
    }
    return isSame(shown.get(), binding.key())
        ? new Proved()
        : new NotProved(Reason.BINDING_WRONG, fault);
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }
}
