package org.symbolon.campaign;

import java.time.Duration;
import java.util.List;

/**
 * What holds for all campaigns.
 *
 * @param approvalOver a campaign of more sessions needs a second person
 * @param drift by how many percent the sessions may have become more or fewer since they were
 *     counted; a few always may
 * @param planLife how long after the count it may be started
 * @param life the longest absolute timeout, for which a fence has to stand
 * @param limits beyond which a sweep pauses by itself
 * @param spared whom no campaign is about
 * @param acrOrder from the weakest to the strongest
 */
public record Rules(
    long approvalOver,
    int drift,
    Duration planLife,
    Duration life,
    Health.Limits limits,
    Spared spared,
    List<String> acrOrder) {
  /** By so many a count may always differ: sessions begin and end all the time. */
  private static final long FEW = 5;

  public Rules {
    acrOrder = List.copyOf(acrOrder);
  }

  boolean needsApproval(long sessions) {
    return sessions > approvalOver;
  }

  boolean isDrift(long planned, long now) {
    return Math.abs(now - planned) > Math.max(FEW, planned * drift / 100);
  }
}
