package org.symbolon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What holds for campaigns of forced logout.
 *
 * @param approvalOver one of more sessions needs a second person
 * @param drift by how many percent the sessions may have changed since they were counted
 * @param mostP99 of validate, beyond which the ending pauses by itself; zero for no limit
 * @param mostStoreP99 of the store's operations, likewise
 * @param mostLoginErrors percent of logins that fail for want of the store, likewise
 * @param spareAccounts whom no campaign is about, as {@code tenant/subject}
 * @param spareClasses whose sessions no campaign is about
 * @param evidence the folder in which this node writes down what it ends
 */
public record CampaignConfig(
    int approvalOver,
    int drift,
    Duration mostP99,
    Duration mostStoreP99,
    int mostLoginErrors,
    List<String> spareAccounts,
    List<String> spareClasses,
    Optional<Path> evidence) {
  static CampaignConfig read(Settings settings, Path base, RedisConfig redis) {
    Names.account(settings, "campaigns.spareAccounts");
    Names.clientClass(settings, "campaigns.spareClasses");
    return new CampaignConfig(
        settings.integer("campaigns.approvalOver", 0, Integer.MAX_VALUE, 100),
        settings.integer("campaigns.drift", 0, 1000, 10),
        settings.duration("campaigns.mostP99").orElse(Duration.ZERO),
        settings.duration("campaigns.mostStoreP99").orElse(Duration.ZERO),
        settings.integer("campaigns.mostLoginErrors", 0, 100, 0),
        settings.texts("campaigns.spareAccounts"),
        settings.texts("campaigns.spareClasses"),
        settings
            .path("campaigns.evidence", base)
            .or(
                () ->
                    redis.mode() == RedisConfig.Mode.EMBEDDED
                        ? Optional.of(redis.directory().resolve("evidence"))
                        : Optional.empty()));
  }
}
