package org.symbolon.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Somebody who is told of events.
 *
 * @param secrets the keys that sign, each {@code whsec_} and base64; two while one takes the
 *     other's place
 * @param events the actions that are told of
 * @param attempts after how many refusals an event is put aside
 */
public record WebhookConfig(
    String name,
    String url,
    List<Secret> secrets,
    List<String> events,
    int attempts,
    Duration timeout) {
  private static final String PREFIX = "whsec_";

  private static final Set<String> EVENTS =
      Set.of(
          "session.issued",
          "session.revoked",
          "session.evicted",
          "session.reused",
          "session.replay_suspected",
          "session.elevated",
          "subject.revoked",
          "tenant.revoked",
          "everything.revoked",
          "campaign.step",
          "campaign.subject",
          "campaign.break_glass",
          "event.taken");

  static List<WebhookConfig> read(Settings settings) {
    List<WebhookConfig> webhooks = new ArrayList<>();
    for (String name : settings.names("webhooks")) {
      String key = "webhooks." + name + ".";
      if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
        settings.fault("webhooks." + name, "1 to 64 characters of A-Z a-z 0-9 _ - needed");
      }
      settings.require(key + "url", "where its events are posted to");
      settings.require(key + "secret", "whsec_ and base64 of 24 to 64 random bytes");
      String url = settings.text(key + "url");
      if (!url.isEmpty() && !isAllowed(url)) {
        settings.fault(key + "url", "https needed, or http on this machine");
      }
      settings.within(key + "events", EVENTS);
      List<Secret> secrets = new ArrayList<>();
      for (String secret : List.of(key + "secret", key + "secondSecret")) {
        settings
            .find(secret)
            .ifPresent(
                text -> {
                  if (!isKey(text)) {
                    settings.fault(secret, "whsec_ and base64 of 24 to 64 bytes needed");
                  }
                  secrets.add(new Secret(text));
                });
      }
      webhooks.add(
          new WebhookConfig(
              name,
              url,
              secrets,
              settings.texts(key + "events"),
              settings.integer(key + "attempts", 1, 100, 8),
              timeout(settings, key + "timeout")));
    }
    return webhooks;
  }

  static Duration timeout(Settings settings, String key) {
    Duration timeout = settings.duration(key).orElse(Duration.ofSeconds(5));
    if (timeout.toMillis() < 100 || timeout.compareTo(Duration.ofSeconds(20)) > 0) {
      settings.fault(key, "100ms to 20s needed");
    }
    return timeout;
  }

  static boolean isAllowed(String url) {
    try {
      URI uri = URI.create(url);
      return uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getFragment() == null
          && ("https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme()) && Loopback.holds(uri.getHost())));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isKey(String text) {
    try {
      int length = key(text).length;
      return text.startsWith(PREFIX) && length >= 24 && length <= 64;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] key(String text) {
    return Base64.getDecoder().decode(text.substring(Math.min(PREFIX.length(), text.length())));
  }

  /** The bytes of the keys. */
  public List<byte[]> keys() {
    return secrets.stream().map(secret -> key(secret.reveal())).toList();
  }
}
