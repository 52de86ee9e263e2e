package org.symbolon.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody who is told of ends of sessions by signed events.
 *
 * @param url where they are pushed to; empty where the receiver asks for them
 * @param service who asks for them; empty where they are pushed
 * @param authorization the value of the field that the receiver asks for
 * @param events the actions that are told of
 * @param attempts after how many refusals an event is put aside
 */
public record StreamConfig(
    String name,
    Optional<String> url,
    Optional<String> service,
    String audience,
    Optional<Secret> authorization,
    List<String> events,
    int attempts,
    Duration timeout) {
  private static final Set<String> EVENTS =
      Set.of(
          "session.revoked",
          "session.reused",
          "subject.revoked",
          "tenant.revoked",
          "campaign.subject");

  /**
   * @param services those that may call
   */
  static List<StreamConfig> read(Settings settings, List<ServiceConfig> services) {
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
      settings.require(key + "audience", "the aud of the events");
      Optional<String> url = settings.find(key + "url");
      Optional<String> service = settings.find(key + "service");
      if (url.isPresent() == service.isPresent()) {
        settings.fault(
            key + "url",
            url.isPresent()
                ? "is there beside service; leave one out: events are pushed, or asked for"
                : "needed, where the events are pushed to; or service, who asks for them");
      }
      if (url.isPresent() && !WebhookConfig.isAllowed(url.get())) {
        settings.fault(key + "url", "https needed, or http on this machine");
      }
      if (service.isPresent()
          && services.stream()
              .noneMatch(
                  one -> one.name().equals(service.get()) && one.scopes().contains("events"))) {
        settings.fault(key + "service", "the name of a service with the scope events needed");
      }
      Optional<String> authorization = settings.find(key + "authorization");
      if (authorization.isPresent() && url.isEmpty()) {
        settings.fault(
            key + "authorization", "means nothing where the receiver asks; leave it out");
      }
      if (authorization.filter(text -> !text.matches("[ -~]{1,4096}")).isPresent()) {
        settings.fault(key + "authorization", "visible ASCII characters and spaces needed");
      }
      settings.within(key + "events", EVENTS);
      streams.add(
          new StreamConfig(
              name,
              url,
              service,
              settings.text(key + "audience"),
              authorization.map(Secret::new),
              settings.texts(key + "events"),
              settings.integer(key + "attempts", 1, 100, 8),
              WebhookConfig.timeout(settings, key + "timeout")));
    }
    return streams;
  }
}
