package org.symbolon.http.gateway;

import io.vertx.core.MultiMap;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.symbolon.http.Exchange;

/**
 * Says whether a {@code Set-Cookie} in an allowed answer reaches the jar that the ID came from.
 *
 * <p>Where it does not, a successor would be lost; where it ends up in a shared cache or goes over
 * the wire in the clear, it would be found. The request's own say is believed of trusted gateways
 * alone, and of whoever asks directly for themselves.
 */
public final class Carriers {
  /** Navigations and scripts' own fetches (W3C Fetch Metadata section 2.1); all else is a part. */
  private static final Set<String> DESTINATIONS = Set.of("document", "empty", "frame", "iframe");

  /** A HEAD or OPTIONS may be a gateway's or cache's own, and its reply's fields be dropped. */
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  private static final Set<String> NEAR = Set.of("same-origin", "same-site", "none");

  /** A handshake's; a gateway may take {@code Upgrade} away and leave the others. */
  private static final List<String> HANDSHAKE =
      List.of("Upgrade", "Sec-WebSocket-Key", "Sec-WebSocket-Version");

  /** What is fetched on suspicion may never be shown. The last two are older browsers' words. */
  private static final List<String> SPECULATION = List.of("Sec-Purpose", "Purpose", "X-Moz");

  private static final List<String> FORWARDED_METHODS =
      List.of("X-Forwarded-Method", "X-Original-Method");

  /** Every profile as it is by itself. */
  public static final Carriers USUAL = of(Map.of());

  private final Set<Profile> carrying;

  private Carriers(Set<Profile> carrying) {
    this.carrying = carrying;
  }

  /**
   * @param set what an operator says of a profile, before what the profile says of itself
   */
  public static Carriers of(Map<Profile, Boolean> set) {
    return new Carriers(
        Arrays.stream(Profile.values())
            .filter(profile -> set.getOrDefault(profile, profile.carries()))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Profile.class))));
  }

  /** Whether the profile rotates at all. */
  public boolean carries(Profile profile) {
    return carrying.contains(profile);
  }

  /** Whether the answer to this request may hold a successor. */
  boolean takesCookie(Exchange exchange, Profile profile) {
    if (!carrying.contains(profile)
        || exchange.hop().clientPlaintext()
        || (profile != Profile.DIRECT && !exchange.hop().trusted())) {
      return false;
    }
    MultiMap fields = exchange.fields();
    return hasCarryingMethod(exchange.method(), fields)
        && HANDSHAKE.stream().noneMatch(fields::contains)
        && SPECULATION.stream().noneMatch(fields::contains)
        && isOneOf(fields.getAll("Sec-Fetch-Dest"), DESTINATIONS)
        && isShown(fields);
  }

  private static boolean hasCarryingMethod(String own, MultiMap fields) {
    boolean isForwarded = false;
    for (String name : FORWARDED_METHODS) {
      for (String method : fields.getAll(name)) {
        isForwarded = true;
        if (!METHODS.contains(method)) {
          return false;
        }
      }
    }
    return isForwarded || METHODS.contains(own);
  }

  /** Another site's part of a page, and a handshake, take no cookie that could be relied on. */
  private static boolean isShown(MultiMap fields) {
    List<String> modes = fields.getAll("Sec-Fetch-Mode");
    return modes.equals(List.of("navigate"))
        || (isOneOf(fields.getAll("Sec-Fetch-Site"), NEAR)
            && !modes.contains("websocket")
            && !modes.contains("webtransport"));
  }

  /** True where the field is absent, as from programs and older browsers, or has a known value. */
  private static boolean isOneOf(List<String> values, Set<String> known) {
    return values.isEmpty() || (values.size() == 1 && known.contains(values.getFirst()));
  }
}
