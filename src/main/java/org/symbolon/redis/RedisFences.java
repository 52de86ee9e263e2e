package org.symbolon.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.symbolon.campaign.Fence;
import org.symbolon.campaign.FenceStore;
import org.symbolon.campaign.OutageException;

/**
 * The fences in the common lane: whenever one changes, the lane's count of changes goes up in the
 * same step.
 */
public final class RedisFences implements FenceStore {
  private static final Script FENCE = Script.telling("fence", ScriptOutputType.INTEGER);
  private static final byte[] NOTHING = {};
  private final RedisLink link;

  public RedisFences(RedisLink link) {
    this.link = link;
  }

  @Override
  public long version() throws OutageException {
    byte[] count = Waiting.on(link, () -> link.commands().get(Lane.common().counter()));
    return count == null ? 0 : Long.parseLong(new String(count, StandardCharsets.US_ASCII));
  }

  @Override
  public List<Fence> all() throws OutageException {
    List<Fence> fences = new ArrayList<>();
    for (var entry : Waiting.hash(link, CampaignKeys.FENCES).entrySet()) {
      String id = entry.getKey();
      try {
        fences.add(Fence.parse(id, entry.getValue()));
      } catch (IllegalArgumentException e) {
        throw new OutageException("the fence of " + id + " can't be read by this version");
      }
    }
    return fences;
  }

  @Override
  public void restore(Fence fence) throws OutageException {
    write(fence, fence.text().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void forget(Fence fence) throws OutageException {
    write(fence, NOTHING);
  }

  private void write(Fence fence, byte[] text) throws OutageException {
    byte[][] keys = {CampaignKeys.FENCES};
    CompletionStage<Long> written =
        FENCE.run(
            link.commands(),
            keys,
            CampaignKeys.bytes(fence.id()),
            CampaignKeys.bytes(Long.toString(fence.revision())),
            text);
    long _ = Waiting.on(link, () -> written);
  }
}
