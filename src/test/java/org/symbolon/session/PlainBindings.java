package org.symbolon.session;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A judge for whom a cookie field {@code bound=} and the key is a proof. */
public final class PlainBindings {
  static final Map<Binding.Kind, BindingProofs> PROOFS =
      Map.of(Binding.Kind.DBSC, PlainBindings::judge);

  private PlainBindings() {}

  /** One that tells nobody. */
  public static BindingJudge of(Policy policy) {
    return new BindingJudge(
        policy, PROOFS, _ -> {}, new Counts(), RefusalTally.NONE, InstantSource.system());
  }

  /** {@code missing}, {@code stale} or the key. */
  private static CompletionStage<BindingProofs.Finding> judge(
      Session session, Binding binding, Evidence evidence, Supplier<SecretText> id, Instant now) {
    List<String> shown = evidence.cookieFields();
    if (shown.contains("bound=" + binding.key())) {
      return CompletableFuture.completedStage(new BindingProofs.Proved());
    }
    return CompletableFuture.completedStage(
        new BindingProofs.NotProved(
            shown.isEmpty()
                ? Reason.BINDING_MISSING
                : shown.contains("bound=stale") ? Reason.BINDING_STALE : Reason.BINDING_WRONG));
  }

  /** Shows the proof of a key. */
  public static Evidence proof(String key) {
    return new Evidence(List.of("bound=" + key));
  }
}
