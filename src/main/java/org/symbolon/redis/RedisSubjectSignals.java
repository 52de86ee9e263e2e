package org.symbolon.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.symbolon.campaign.Campaign;
import org.symbolon.campaign.OutageException;
import org.symbolon.campaign.SubjectSignals;
import org.symbolon.events.Message;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;

/**
 * Subjects of campaigns in the audit stream, many an entry: as many entries as subjects would push
 * everything else out of it.
 */
public final class RedisSubjectSignals implements SubjectSignals {
  private static final int MOST = 50;

  /** The field with a line for each subject, its tenant before it. */
  private static final String SUBJECTS = "subjects";

  private static final char OF = '/';
  private static final String BETWEEN = "\n";

  /** Before a subject's place in its entry, in the ID of its message. */
  private static final char PLACE = '.';

  private final RedisLink link;
  private final AuditStream stream;

  /**
   * @param kept about how many entries the stream keeps
   */
  public RedisSubjectSignals(RedisLink link, long kept) {
    this.link = link;
    this.stream = new AuditStream(link, kept);
  }

  @Override
  public void tell(Campaign campaign, List<Session> sessions) throws OutageException {
    for (int from = 0; from < sessions.size(); from += MOST) {
      Map<String, String> entry =
          entry(campaign, sessions.subList(from, Math.min(from + MOST, sessions.size())));
      var _ = Waiting.on(link, () -> stream.append(entry));
    }
  }

  private static Map<String, String> entry(Campaign campaign, List<Session> sessions) {
    Map<String, String> fields = new LinkedHashMap<>();
    // Who logs in from then on is not meant, however long the ending takes.
    fields.put("at", campaign.fencedAt().orElseThrow().toString());
    fields.put("action", ACTION);
    fields.put("detail.reason", RevocationReason.CAMPAIGN.code());
    fields.put("detail.campaign", campaign.id());
    fields.put("detail.cause", campaign.cause().code());
    fields.put("detail.ticket", campaign.ticket());
    fields.put(
        SUBJECTS,
        String.join(
            BETWEEN,
            sessions.stream().map(s -> s.tenant().value() + OF + s.subject().value()).toList()));
    return fields;
  }

  /** The ID of the entry that a message is of. */
  static String entry(String message) {
    int place = message.indexOf(PLACE);
    return place < 0 ? message : message.substring(0, place);
  }

  /** The messages of an entry: one, or one for each of its subjects. */
  static List<Message> messages(String id, Map<String, String> fields) {
    if (!fields.containsKey(SUBJECTS)) {
      return List.of(new Message(id, fields));
    }
    List<Message> messages = new ArrayList<>();
    for (String line : fields.getOrDefault(SUBJECTS, "").split(BETWEEN, -1)) {
      Map<String, String> told = new TreeMap<>(fields);
      told.remove(SUBJECTS);
      int slash = line.indexOf(OF);
      told.put("tenant", line.substring(0, slash));
      told.put("subject", line.substring(slash + 1));
      messages.add(new Message(id + PLACE + messages.size(), told));
    }
    return messages;
  }
}
