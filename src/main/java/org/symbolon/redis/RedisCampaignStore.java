package org.symbolon.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.symbolon.campaign.Campaign;
import org.symbolon.campaign.CampaignStore;
import org.symbolon.campaign.OutageException;
import org.symbolon.campaign.State;

/** Keeps each campaign as a hash of texts in the common lane; a script makes every change. */
public final class RedisCampaignStore implements CampaignStore {
  private static final Script WRITE = Script.telling("campaign", ScriptOutputType.INTEGER);
  private static final Script WORK = Script.load("campaign_work", ScriptOutputType.VALUE);
  private static final Duration KEPT = Duration.ofDays(90);
  private static final String REVISION = "revision";

  /** What the scripts set alone. */
  private static final Set<String> STORES =
      Set.of(REVISION, "holder", "held_until", Campaign.FENCED_AT, Campaign.PROGRESS);

  private final RedisLink link;
  private final StoreClock clock;
  private final DurableWrites durable;

  /**
   * @param durability where a fence has to be before it is acknowledged
   */
  public RedisCampaignStore(RedisLink link, StoreClock clock, Durability durability) {
    this.link = link;
    this.clock = clock;
    this.durable = new DurableWrites(link, durability);
  }

  @Override
  public Optional<Campaign> find(String id) throws OutageException {
    SortedMap<String, String> fields = new TreeMap<>(Waiting.hash(link, CampaignKeys.record(id)));
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    try {
      long revision = Long.parseLong(fields.getOrDefault(REVISION, "0"));
      fields.keySet().removeAll(List.of(REVISION, "holder", "held_until"));
      return Optional.of(new Campaign(id, revision, fields).readable());
    } catch (RuntimeException e) {
      throw new OutageException("the record of " + id + " can't be read by this version");
    }
  }

  @Override
  public List<Campaign> list(int most) throws OutageException {
    List<Campaign> campaigns = new ArrayList<>();
    for (String id : names(CampaignKeys.LIST, -most).reversed()) {
      find(id).ifPresent(campaigns::add);
    }
    return campaigns;
  }

  @Override
  public Optional<String> proposed(String selection) throws OutageException {
    byte[] key = CampaignKeys.proposal(hash(selection));
    return Waiting.on(
        link,
        () -> link.commands().get(key),
        id -> Optional.ofNullable(id).map(RedisCampaignStore::text));
  }

  @Override
  public void propose(String selection, String id) throws OutageException {
    byte[] key = CampaignKeys.proposal(hash(selection));
    SetArgs life = SetArgs.Builder.px(KEPT.toMillis());
    var _ = Waiting.on(link, () -> link.commands().set(key, CampaignKeys.bytes(id), life));
  }

  private static String hash(String selection) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(selection.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public List<String> unfinished() throws OutageException {
    return names(CampaignKeys.WORK, 0);
  }

  private List<String> names(byte[] key, long from) throws OutageException {
    return Waiting.on(
        link,
        () -> link.commands().zrange(key, from, -1),
        names -> names.stream().map(RedisCampaignStore::text).toList());
  }

  @Override
  public boolean write(Campaign next) throws OutageException {
    byte[][] keys = keys(next);
    byte[][] arguments = arguments(next, "", Duration.ZERO);
    return Waiting.on(
        link,
        () -> WRITE.<Long>run(link.commands(), keys, arguments),
        RedisCampaignStore::isWritten);
  }

  @Override
  public boolean fence(Campaign next, Duration life) throws OutageException {
    return writeDurably(next, "fence", life);
  }

  @Override
  public boolean lift(Campaign next) throws OutageException {
    return writeDurably(next, "lift", Duration.ZERO);
  }

  /**
   * Where it is not durable yet, it stands already, and every node that knows of it writes it again
   * where it is lost.
   */
  private boolean writeDurably(Campaign next, String fence, Duration life) throws OutageException {
    byte[][] keys = keys(next);
    byte[][] arguments = arguments(next, fence, life);
    return Waiting.on(
        link,
        () -> durable.<Long>run(WRITE, keys, arguments),
        written -> isWritten(written.reply()));
  }

  private static boolean isWritten(long reply) {
    if (reply != 0 && reply != 1) {
      throw new IllegalStateException("0 or 1 expected, not " + reply);
    }
    return reply == 1;
  }

  private static byte[][] keys(Campaign next) {
    return new byte[][] {
      CampaignKeys.record(next.id()), CampaignKeys.LIST, CampaignKeys.WORK, CampaignKeys.FENCES
    };
  }

  private static byte[][] arguments(Campaign next, String fence, Duration life) {
    List<String> arguments =
        new ArrayList<>(
            Arrays.asList(
                next.id(),
                Long.toString(next.revision()),
                next.state().isWork() ? "1" : "0",
                fence,
                Long.toString(life.toMillis()),
                Long.toString(KEPT.toMillis())));
    next.fields()
        .forEach(
            (name, value) -> {
              if (!STORES.contains(name)) {
                arguments.add(name);
                arguments.add(value);
              }
            });
    return arguments.stream().map(CampaignKeys::bytes).toArray(byte[][]::new);
  }

  @Override
  public Optional<State> work(String id, String node, Optional<String> progress, Duration lease)
      throws OutageException {
    byte[][] keys = {CampaignKeys.record(id)};
    return Waiting.on(
        link,
        () ->
            WORK.<byte[]>run(
                link.commands(),
                keys,
                CampaignKeys.bytes(node),
                CampaignKeys.bytes(Long.toString(lease.toMillis())),
                CampaignKeys.bytes(progress.orElse(""))),
        state -> State.named(text(state)));
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
