package org.symbolon.events;

import java.util.Set;

/**
 * Somebody who is told of events.
 *
 * @param actions those that it is told of
 * @param attempts after how many refusals a message is put aside
 */
public record Receiver(String name, Set<String> actions, int attempts, Target target) {
  public Receiver {
    actions = Set.copyOf(actions);
  }

  boolean wants(Message message) {
    return actions.contains(message.action());
  }
}
