package org.symbolon.cli.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints answers for people. */
final class Tables {
  private Tables() {}

  /** Rows of some members, one below the other. */
  static void print(PrintWriter out, JsonNode rows, String... members) {
    List<String[]> lines = new ArrayList<>();
    lines.add(members);
    for (JsonNode row : rows) {
      String[] line = new String[members.length];
      for (int i = 0; i < members.length; i++) {
        line[i] = text(row.path(members[i]));
      }
      lines.add(line);
    }
    int[] widths = new int[members.length];
    for (String[] line : lines) {
      for (int i = 0; i < line.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    for (String[] line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < line.length; i++) {
        text.append(line[i]).append(" ".repeat(widths[i] - line[i].length() + 2));
      }
      out.println(text.toString().stripTrailing());
    }
    out.flush();
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(item.asText()));
      return String.join(",", items);
    }
    return value.asText("").isEmpty() ? "-" : value.asText();
  }

  /** All there is to see of a campaign before and while it runs. */
  static void campaign(PrintWriter out, JsonNode campaign) {
    out.printf(
        "%s  %s%s%n",
        campaign.path("id").asText(),
        campaign.path("state").asText().toUpperCase(Locale.ROOT),
        campaign.path("fenced").asBoolean() ? fence(campaign) : "");
    line(out, "why", campaign.path("cause").asText() + ", " + campaign.path("ticket").asText());
    if (isStepUp(campaign)) {
      line(out, "action", "asks for a new authentication, ends nothing");
    }
    if (campaign.has("smear")) {
      line(out, "spread over", campaign.path("smear").asText() + " s after the fence");
    }
    line(out, "selects", selection(campaign.path("criteria")));
    if (!campaign.path("except").isEmpty()) {
      line(out, "spares", selection(campaign.path("except")));
    }
    line(out, "planned by", campaign.path("planned_by").asText());
    if (campaign.has("approved_by")) {
      line(out, "approved by", campaign.path("approved_by").asText());
    }
    if (campaign.has("break_glass")) {
      line(out, "BREAK GLASS", campaign.path("break_glass").asText());
    }
    if (!campaign.path("remark").asText().isEmpty()) {
      line(out, "remark", campaign.path("remark").asText());
    }
    if (campaign.has("leaked")) {
      JsonNode leaked = campaign.path("leaked");
      line(
          out,
          "leaked IDs",
          "%s, %s of live sessions"
              .formatted(leaked.path("given").asText(), leaked.path("live").asText()));
    }
    JsonNode planned = campaign.path("planned");
    if (!planned.isMissingNode()) {
      line(
          out,
          "sessions",
          planned.path("sessions").asText()
              + " of "
              + planned.path("subjects").asText()
              + " subjects");
      for (Map.Entry<String, JsonNode> kind : planned.path("breakdown").properties()) {
        line(out, "  by " + kind.getKey(), selection(kind.getValue()));
      }
    }
    JsonNode progress = campaign.path("progress");
    if (!progress.isMissingNode() || campaign.has("stepped_up")) {
      line(out, "progress", progress(campaign));
    }
    if (campaign.has("digest")) {
      line(out, "digest", campaign.path("digest").asText());
    }
    if (planned.path("sample").size() > 0) {
      out.println("some of them:");
      print(
          out,
          planned.path("sample"),
          "handle",
          "tenant",
          "subject",
          "browser",
          "platform",
          "acr",
          "issued_at",
          "last_seen_at");
    }
    out.flush();
  }

  private static String fence(JsonNode campaign) {
    if (campaign.has("smear")) {
      return "  fence stands: each of these has its turn";
    }
    return isStepUp(campaign)
        ? "  fence stands: each of these takes a new authentication"
        : "  fence stands: none of these is let in";
  }

  /** Whether it ends nothing, and asks for a new authentication. */
  static boolean isStepUp(JsonNode campaign) {
    return campaign.path("action").asText().equals("step_up");
  }

  /** How far it is, in one line. */
  static String progress(JsonNode campaign) {
    if (isStepUp(campaign)) {
      return "%s, %s have authenticated anew, %s have yet to"
          .formatted(
              campaign.path("state").asText(),
              campaign.path("stepped_up").asText("0"),
              campaign.path("left").path("sessions").asText(campaign.path("sessions").asText()));
    }
    JsonNode progress = campaign.path("progress");
    return campaign.path("state").asText()
        + ", "
        + progress.path("ended").asText("0")
        + " of "
        + campaign.path("sessions").asText()
        + " ended"
        + (progress.has("seconds_left")
            ? ", " + progress.path("seconds_left").asText() + " s left"
            : "");
  }

  private static String selection(JsonNode criteria) {
    List<String> parts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> criterion : criteria.properties()) {
      String name = criterion.getKey().isEmpty() ? "(none)" : criterion.getKey();
      parts.add(name + "=" + text(criterion.getValue()));
    }
    return String.join("  ", parts);
  }

  static void line(PrintWriter out, String name, String text) {
    out.printf("  %-18s %s%n", name, text);
  }
}
