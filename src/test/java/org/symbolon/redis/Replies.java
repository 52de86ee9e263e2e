package org.symbolon.redis;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.symbolon.session.Decision;
import org.symbolon.session.Unavailable;

/** How many replies were what. */
record Replies(long all, long denied, long outages) {
  static final Replies NONE = new Replies(0, 0, 0);

  Replies and(List<CompletionStage<Decision>> replies) {
    long more = 0;
    long failed = 0;
    for (CompletionStage<Decision> reply : replies) {
      switch (OpenStore.await(reply)) {
        case Decision.Allow _ -> {}
        case Decision.Deny _ -> more++;
        case Unavailable _ -> failed++;
      }
    }
    return new Replies(all + replies.size(), denied + more, outages + failed);
  }
}
