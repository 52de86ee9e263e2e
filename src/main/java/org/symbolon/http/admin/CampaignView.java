package org.symbolon.http.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.symbolon.campaign.Campaign;
import org.symbolon.campaign.Count;
import org.symbolon.campaign.Criterion;
import org.symbolon.campaign.Masked;
import org.symbolon.campaign.Progress;
import org.symbolon.campaign.State;
import org.symbolon.http.Json;

/** A campaign as JSON. */
final class CampaignView {
  /** All there is to say of one. */
  static ObjectNode of(Campaign campaign) {
    ObjectNode node = brief(campaign);
    put(node.putObject("criteria"), campaign.selection().criteria());
    put(node.putObject("except"), campaign.selection().except());
    if (!campaign.spared().isEmpty()) {
      put(node.putObject("spared"), campaign.spared());
    }
    campaign
        .leaked()
        .ifPresent(
            leaked ->
                node.putObject("leaked").put("given", leaked.given()).put("live", leaked.live()));
    campaign.count().ifPresent(_ -> node.put("digest", campaign.digest()));
    campaign.count().ifPresent(count -> put(node.putObject("planned"), count));
    campaign.check().ifPresent(check -> put(node.putObject("left"), check));
    campaign.progress().ifPresent(progress -> put(node.putObject("progress"), progress, campaign));
    ArrayNode steps = node.putArray("steps");
    campaign.steps().forEach(steps::add);
    ArrayNode story = node.putArray("story");
    for (Campaign.Entry entry : campaign.story()) {
      story
          .addObject()
          .put("at", entry.at().toString())
          .put("step", entry.step())
          .put("by", entry.by())
          .put("remark", entry.remark());
    }
    return node;
  }

  /** What whoever follows it is told. */
  static ObjectNode event(Campaign campaign) {
    ObjectNode node = brief(campaign);
    campaign.check().ifPresent(check -> node.putObject("left").put("sessions", check.sessions()));
    campaign.progress().ifPresent(progress -> put(node.putObject("progress"), progress, campaign));
    return node;
  }

  /** What a list shows of one. */
  static ObjectNode brief(Campaign campaign) {
    ObjectNode node = Json.object();
    node.put("id", campaign.id());
    node.put("state", campaign.state().code());
    node.put("fenced", campaign.isFenced());
    node.put("action", campaign.terms().action().code());
    node.put("cause", campaign.cause().code());
    node.put("ticket", campaign.ticket());
    node.put("planned_by", campaign.plannedBy());
    node.put("planned_at", campaign.story().getFirst().at().toString());
    node.put("sessions", campaign.count().map(Count::sessions).orElse(0L));
    node.put("ended", campaign.progress().map(Progress::ended).orElse(0L));
    if (!campaign.terms().smear().isZero()) {
      node.put("smear", campaign.terms().smear().toSeconds());
    }
    campaign.steppedUp().ifPresent(count -> node.put("stepped_up", count));
    node.put("remark", campaign.remark());
    campaign.approvedBy().ifPresent(by -> node.put("approved_by", by));
    campaign.startedBy().ifPresent(by -> node.put("started_by", by));
    campaign.breakGlass().ifPresent(why -> node.put("break_glass", why));
    campaign.fencedAt().ifPresent(at -> node.put("fenced_at", at.toString()));
    campaign.liftedAt().ifPresent(at -> node.put("unfenced_at", at.toString()));
    return node;
  }

  private static void put(ObjectNode node, Map<Criterion, List<String>> criteria) {
    criteria.forEach(
        (criterion, values) -> {
          ArrayNode array = node.putArray(criterion.code());
          values.forEach(array::add);
        });
  }

  private static void put(ObjectNode node, Count count) {
    node.put("at", count.at().toString());
    node.put("sessions", count.sessions());
    node.put("subjects", count.subjects());
    node.put("looked_at", count.scanned());
    ObjectNode breakdown = node.putObject("breakdown");
    count
        .breakdown()
        .forEach(
            (kind, numbers) -> {
              ObjectNode of = breakdown.putObject(kind);
              numbers.forEach(of::put);
            });
    ArrayNode sample = node.putArray("sample");
    for (Masked row : count.sample()) {
      sample
          .addObject()
          .put("handle", row.handle())
          .put("tenant", row.tenant())
          .put("subject", row.subject())
          .put("client_class", row.clientClass())
          .put("browser", row.browser())
          .put("platform", row.platform())
          .put("acr", row.acr())
          .put("amr", row.amr())
          .put("issued_at", row.issuedAt().toString())
          .put("last_seen_at", row.lastSeenAt().toString());
    }
  }

  private static void put(ObjectNode node, Progress progress, Campaign campaign) {
    node.put("looked_at", progress.scanned());
    node.put("ended", progress.ended());
    node.put("gone", progress.gone());
    node.put("not_durable", progress.notDurable());
    node.put("rate", progress.rate());
    node.put("node", progress.node());
    if (campaign.state() == State.SWEEPING && campaign.terms().smear().isZero()) {
      campaign
          .count()
          .flatMap(count -> progress.left(count.scanned()))
          .ifPresent(left -> node.put("seconds_left", left.toSeconds()));
    }
  }

  /**
   * What somebody asks afterwards.
   *
   * @param bound within which a fence holds on every node
   */
  static ObjectNode report(Campaign campaign, Duration bound) {
    ObjectNode node = Json.object();
    node.put("who", who(campaign));
    node.put("why", campaign.cause().code() + ", " + campaign.ticket());
    node.put("how_many", howMany(campaign));
    node.put(
        "effective",
        campaign.fencedAt().map(at -> effective(campaign, at, bound)).orElse("not fenced"));
    node.put(
        "not_covered",
        spared(campaign)
            + "sessions begun after the fence; assertions already handed to applications, for up to"
            + " a minute; what applications gave out themselves");
    node.put("complete", campaign.state() == State.COMPLETED);
    node.put("completeness", completeness(campaign));
    TreeSet<String> nodes = new TreeSet<>();
    campaign.story().stream()
        .filter(entry -> entry.step().equals("sweep") || entry.step().equals("swept"))
        .forEach(entry -> nodes.add(entry.by()));
    campaign.progress().ifPresent(progress -> nodes.add(progress.node()));
    node.put(
        "evidence",
        nodes.isEmpty()
            ? "nothing was ended"
            : "files "
                + campaign.id()
                + ".NODE.jsonl in campaigns.evidence of the nodes "
                + String.join(", ", nodes));
    node.set("campaign", of(campaign));
    return node;
  }

  private static String spared(Campaign campaign) {
    String names =
        campaign.spared().entrySet().stream()
            .map(entry -> entry.getKey().code() + "=" + String.join(",", entry.getValue()))
            .collect(Collectors.joining(" "));
    return names.isEmpty() ? "" : "spared by configuration: " + names + "; ";
  }

  private static String effective(Campaign campaign, Instant at, Duration bound) {
    Duration smear = campaign.terms().smear();
    return (smear.isZero() ? "" : "one after the other from " + at + " on, ")
        + "on every node at the latest at "
        + at.plus(smear).plus(bound);
  }

  private static String who(Campaign campaign) {
    return "planned by "
        + campaign.plannedBy()
        + campaign.approvedBy().map(by -> ", approved by " + by).orElse(", approved by nobody")
        + campaign.startedBy().map(by -> ", started by " + by).orElse(", not started")
        + campaign
            .breakGlass()
            .map(why -> ", BREAK GLASS: without the approval that it needed, because: " + why)
            .orElse("");
  }

  private static String howMany(Campaign campaign) {
    String planned =
        campaign
            .count()
            .map(
                count -> "%d sessions of %d subjects".formatted(count.sessions(), count.subjects()))
            .orElse("not counted yet");
    return campaign
            .leaked()
            .map(
                leaked ->
                    "of %d leaked IDs %d of live sessions; "
                        .formatted(leaked.given(), leaked.live()))
            .orElse("")
        + planned
        + (campaign.terms().isStepUp() ? authenticated(campaign) : ended(campaign));
  }

  private static String authenticated(Campaign campaign) {
    return campaign
        .check()
        .map(
            left ->
                "; %d have authenticated anew, %d have yet to, the others ended or logged in anew"
                    .formatted(campaign.steppedUp().orElse(0L), left.sessions()))
        .orElse("; none asked yet");
  }

  private static String ended(Campaign campaign) {
    return campaign
        .progress()
        .map(p -> "; %d ended, %d had ended by themselves".formatted(p.ended(), p.gone()))
        .orElse("; none ended");
  }

  private static String completeness(Campaign campaign) {
    if (campaign.state() == State.COMPLETED && campaign.terms().isStepUp()) {
      return "counted again: none is left that has not authenticated anew";
    }
    if (campaign.terms().isStepUp()) {
      return "not complete: it is "
          + campaign.state().code()
          + (campaign.isFenced()
              ? "; the fence stands, so each of its sessions takes a new authentication first"
              : "");
    }
    if (campaign.state() == State.COMPLETED) {
      return "counted again after the sweep: none is left";
    }
    return "not complete: it is "
        + campaign.state().code()
        + (campaign.isFenced() ? "; the fence stands, so none of its sessions is let in" : "");
  }

  private CampaignView() {}
}
