package org.symbolon.http.gateway;

import java.util.Set;
import org.symbolon.http.Exchange;
import org.symbolon.session.Decision;
import org.symbolon.session.Reason;

/**
 * Knows the refused pages that a browser had better ask for again by itself. It proves its
 * session's key for requests of the session's own pages alone, so that no other site can measure
 * it; the page of a link from elsewhere comes without a proof, though the browser could give one.
 */
final class Again {
  static final String FIELD = "X-Session-Again";
  private static final Set<Reason> UNPROVED =
      Set.of(Reason.BINDING_MISSING, Reason.BINDING_STALE, Reason.STEP_UP);
  private static final Set<String> ELSEWHERE = Set.of("cross-site", "same-site");

  private Again() {}

  /** Never twice: the request that follows is one of the page's own origin. */
  static boolean helps(Decision decision, Exchange exchange, Profile profile) {
    return decision instanceof Decision.Deny(Reason reason)
        && UNPROVED.contains(reason)
        && exchange.field("Sec-Fetch-Mode").filter("navigate"::equals).isPresent()
        && exchange.field("Sec-Fetch-Dest").filter("document"::equals).isPresent()
        && exchange.field("Sec-Fetch-Site").filter(ELSEWHERE::contains).isPresent()
        && Signed.method(exchange, profile).equals("GET");
  }
}
