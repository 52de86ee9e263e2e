package org.symbolon.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody to whom ends of sessions are pushed as signed events.
 *
 * @param authorization the value of the field that the receiver asks for
 * @param events the actions that are told of
 * @param attempts after how many refusals an event is put aside
 */
public record StreamConfig(
    String name,
    String url,
    String audience,
    Optional<Secret> authorization,
    List<String> events,
    int attempts,
    Duration timeout) {
  private static final Set<String> EVENTS =
      Set.of("session.revoked", "session.reused", "subject.revoked", "tenant.revoked");

  static List<StreamConfig> read(Settings settings) {
    List<StreamConfig> streams = new ArrayList<>();
    Set<String> webhooks = settings.names("webhooks");
    for (String name : settings.names("streams")) {
      String key = "streams." + name + ".";
      if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
        settings.fault("streams." + name, "1 to 64 characters of A-Z a-z 0-9 _ - needed");
      }
      if (webhooks.contains(name)) {
        settings.fault("streams." + name, "a webhook has this name; take another");
      }
      settings.require(key + "url", "where the events are pushed to");
      settings.require(key + "audience", "the aud of the events");
      String url = settings.text(key + "url");
      if (!url.isEmpty() && !WebhookConfig.isAllowed(url)) {
        settings.fault(key + "url", "https needed, or http on this machine");
      }
      Optional<String> authorization = settings.find(key + "authorization");
      if (authorization.filter(text -> !text.matches("[ -~]{1,4096}")).isPresent()) {
        settings.fault(key + "authorization", "visible ASCII characters and spaces needed");
      }
      settings.within(key + "events", EVENTS);
      streams.add(
          new StreamConfig(
              name,
              url,
              settings.text(key + "audience"),
              authorization.map(Secret::new),
              settings.texts(key + "events"),
              settings.integer(key + "attempts", 1, 100, 8),
              WebhookConfig.timeout(settings, key + "timeout")));
    }
    return streams;
  }
}
