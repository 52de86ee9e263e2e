package org.symbolon.http.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.symbolon.campaign.Campaign;
import org.symbolon.campaign.Campaigns;
import org.symbolon.campaign.Criterion;
import org.symbolon.campaign.Selection;
import org.symbolon.http.Exchange;
import org.symbolon.http.Json;
import org.symbolon.http.Members;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.session.Services.Role;
import org.symbolon.session.Services.Service;
import org.symbolon.session.Tenant;

/**
 * Campaigns of forced logout. Whoever may act for some tenants alone sees and makes only campaigns
 * that name tenants, and no other ones.
 */
final class CampaignEndpoints {
  private static final int LISTED = 100;
  private static final List<String> ORDER =
      List.of("criteria", "except", "spare", "action", "smear", "cause", "ticket");
  private static final List<String> STEP =
      List.of("step", "digest", "hold", "unchecked", "canary", "break_glass");
  private static final String STEPS = "approve, start, pause, resume, abort or unfence";

  private final Campaigns campaigns;
  private final Duration bound;

  /**
   * @param bound within which a fence holds on every node
   */
  CampaignEndpoints(Campaigns campaigns, Duration bound) {
    this.campaigns = campaigns;
    this.bound = bound;
  }

  Future<Reply> plan(
      Exchange exchange, Service service, Map<String, String> path, ObjectNode body) {
    Members members = new Members(body, ORDER);
    Map<String, List<String>> criteria = texts(body, "criteria");
    if (!service.tenants().isEmpty()) {
      for (String tenant : criteria.getOrDefault("tenant", List.of(""))) {
        if (!Tenant.isValid(tenant)) {
          throw Members.refused("criteria", "names no tenant", "Send the tenants you may act for");
        }
        if (!service.mayActFor(new Tenant(tenant))) {
          return Future.succeededFuture(
              Reply.problem(Problems.tenantNotAllowed(new Tenant(tenant))));
        }
      }
    }
    Campaigns.Order order =
        new Campaigns.Order(
            criteria,
            texts(body, "except"),
            !body.has("spare") || members.flag("spare"),
            members.text("action").orElse(""),
            members.integer("smear").orElse(0L),
            members.text("cause").orElse(""),
            members.text("ticket").orElse(""));
    return exchange
        .await(campaigns.plan(order, operator(exchange, service)))
        .map(outcome -> reply(outcome, 201, CampaignView::of));
  }

  Future<Reply> list(Exchange exchange, Service service, Map<String, String> path) {
    return exchange
        .await(campaigns.list(LISTED))
        .map(
            listing ->
                switch (listing) {
                  case Campaigns.Listed(List<Campaign> all) -> {
                    ObjectNode node = Json.object();
                    ArrayNode array = node.putArray("campaigns");
                    all.stream()
                        .filter(campaign -> mayActOn(service, campaign))
                        .forEach(campaign -> array.add(CampaignView.brief(campaign)));
                    yield Reply.json(200, node);
                  }
                  case Campaigns.Unlisted _ -> Reply.unavailable();
                });
  }

  Future<Reply> show(Exchange exchange, Service service, Map<String, String> path) {
    return found(exchange, service, path).map(outcome -> reply(outcome, 200, CampaignView::of));
  }

  Future<Reply> report(Exchange exchange, Service service, Map<String, String> path) {
    return found(exchange, service, path)
        .map(outcome -> reply(outcome, 200, campaign -> CampaignView.report(campaign, bound)));
  }

  /** What a step needs. */
  static List<Role> roles(ObjectNode body) {
    Members wish = new Members(body, STEP);
    Role role =
        switch (wish.text("step").orElse("")) {
          case "approve" -> Role.APPROVER;
          case "start", "pause", "resume", "abort", "unfence" -> Role.OPERATOR;
          default -> throw Members.refused("step", "is no known step", "Send " + STEPS);
        };
    return wish.text("break_glass").isPresent() ? List.of(role, Role.BREAK_GLASS) : List.of(role);
  }

  Future<Reply> step(
      Exchange exchange, Service service, Map<String, String> path, ObjectNode body) {
    return found(exchange, service, path)
        .compose(
            outcome ->
                outcome instanceof Campaigns.Done(Campaign campaign)
                    ? step(exchange, service, campaign, new Members(body, STEP))
                    : Future.succeededFuture(reply(outcome, 200, CampaignView::of)));
  }

  private Future<Reply> step(Exchange exchange, Service service, Campaign campaign, Members wish) {
    String digest = wish.text("digest").orElse("");
    Campaigns.Operator operator = operator(exchange, service);
    String id = campaign.id();
    CompletionStage<Campaigns.Outcome> taken =
        switch (wish.text("step").orElse("")) {
          case "approve" -> campaigns.approve(id, digest, operator);
          case "start" ->
              campaigns.start(
                  id,
                  digest,
                  new Campaigns.Start(
                      wish.flag("hold"),
                      wish.flag("unchecked"),
                      wish.integer("canary")
                          .map(n -> Math.toIntExact(Math.clamp(n, -1, 100)))
                          .orElse(0),
                      wish.text("break_glass")),
                  operator);
          case "pause" -> campaigns.pause(id, operator);
          case "resume" -> campaigns.resume(id, operator);
          case "abort" -> campaigns.abort(id, operator);
          case "unfence" -> campaigns.unfence(id, operator);
          default -> throw Members.refused("step", "is no known step", "Send " + STEPS);
        };
    return exchange.await(taken).map(after -> reply(after, 200, CampaignView::of));
  }

  /** One that the caller may know of. */
  Future<Campaigns.Outcome> found(Exchange exchange, Service service, Map<String, String> path) {
    return exchange
        .await(campaigns.find(path.getOrDefault("id", "")))
        .map(
            outcome ->
                outcome instanceof Campaigns.Done(Campaign campaign) && !mayActOn(service, campaign)
                    ? new Campaigns.Unknown()
                    : outcome);
  }

  private static boolean mayActOn(Service service, Campaign campaign) {
    Selection selection = campaign.selection();
    List<String> tenants = selection.criteria().getOrDefault(Criterion.TENANT, List.of());
    return service.tenants().isEmpty()
        || (!tenants.isEmpty()
            && tenants.stream().allMatch(tenant -> service.mayActFor(new Tenant(tenant))));
  }

  private static Campaigns.Operator operator(Exchange exchange, Service service) {
    return new Campaigns.Operator(service.name(), exchange.presenter("direct"));
  }

  private static Reply reply(
      Campaigns.Outcome outcome, int status, Function<Campaign, ObjectNode> view) {
    return switch (outcome) {
      case Campaigns.Done(Campaign campaign) -> Reply.json(status, view.apply(campaign));
      case Campaigns.Refused refused -> Reply.problem(Problems.of(refused));
      case Campaigns.Unknown _ -> Reply.problem(Problems.campaignUnknown());
      case Campaigns.Unreachable _ -> Reply.unavailable();
    };
  }

  private static Map<String, List<String>> texts(ObjectNode body, String name) {
    JsonNode object = body.path(name);
    Map<String, List<String>> criteria = new LinkedHashMap<>();
    if (object.isMissingNode()) {
      return criteria;
    }
    if (!object.isObject()) {
      throw Members.refused(name, "is no object", "Send " + name + " as an object of criteria");
    }
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      List<String> values = new ArrayList<>();
      Iterable<JsonNode> items =
          member.getValue().isArray() ? member.getValue() : List.of(member.getValue());
      for (JsonNode item : items) {
        if (!item.isTextual() && !item.isIntegralNumber() && !item.isBoolean()) {
          throw Members.refused(
              name + "." + member.getKey(),
              "has no plain value",
              "Send a text, or a list of texts");
        }
        values.add(item.asText());
      }
      criteria.put(member.getKey(), values);
    }
    return criteria;
  }
}
