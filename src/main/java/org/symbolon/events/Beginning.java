package org.symbolon.events;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * The beginning of a body. The response is there with its header fields; of a body that is longer,
 * breaks off or is late, what came is taken, and the rest is given up without a failure.
 */
final class Beginning implements HttpResponse.BodySubscriber<Beginning> {
  private final int most;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final CountDownLatch end = new CountDownLatch(1);

  /**
   * @param most bytes that are kept
   */
  Beginning(int most) {
    this.most = most;
  }

  @Override
  public CompletionStage<Beginning> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
    given.request(Long.MAX_VALUE);
  }

  @Override
  public synchronized void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      byte[] some = new byte[Math.min(buffer.remaining(), most - bytes.size())];
      buffer.get(some);
      bytes.writeBytes(some);
      if (buffer.hasRemaining()) {
        giveUp();
        return;
      }
    }
  }

  private void giveUp() {
    var _ = subscription.thenAccept(Flow.Subscription::cancel);
    end.countDown();
  }

  @Override
  public void onError(Throwable fault) {
    end.countDown();
  }

  @Override
  public void onComplete() {
    end.countDown();
  }

  /** Waits for the rest, but not longer. */
  String text(Duration longest) throws InterruptedException {
    if (!end.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      giveUp();
    }
    synchronized (this) {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
