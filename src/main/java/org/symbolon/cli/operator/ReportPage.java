package org.symbolon.cli.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** A campaign's report as one page that needs nothing beside it. */
final class ReportPage {
  @SuppressWarnings("InlineFormatString") // As long as a page's head is, it would hide the code.
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>Forced logout %1$s</title>
      <style>
      body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; width: 100%%; }
      th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #999; }
      .loud { border: 3px solid; padding: .5rem 1rem; font-weight: bold; }
      </style>
      </head>
      <body>
      <h1>Forced logout %1$s</h1>
      """;

  private static final Map<String, String> QUESTIONS =
      Map.of(
          "who", "Who",
          "why", "Why",
          "how_many", "How many",
          "effective", "By when everywhere",
          "completeness", "Is it complete",
          "not_covered", "What was not covered",
          "evidence", "Evidence");

  private ReportPage() {}

  static void print(PrintWriter out, JsonNode report) {
    JsonNode campaign = report.path("campaign");
    out.print(HEAD.formatted(text(campaign.path("id"))));
    if (campaign.has("break_glass")) {
      out.printf(
          "<p class=\"loud\">Started without the approval that it needed: %s</p>%n",
          text(campaign.path("break_glass")));
    }
    out.println("<table>");
    for (String question :
        List.of("who", "why", "how_many", "effective", "completeness", "not_covered", "evidence")) {
      out.printf(
          "<tr><th scope=\"row\">%s</th><td>%s</td></tr>%n",
          QUESTIONS.get(question), text(report.path(question)));
    }
    out.println("</table>");
    rows(out, "What was selected", campaign.path("criteria"));
    rows(out, "Who was spared", campaign.path("except"));
    out.println("<h2>What happened</h2>");
    out.println("<table><tr><th>When</th><th>Step</th><th>By</th><th>Remark</th></tr>");
    for (JsonNode entry : campaign.path("story")) {
      out.printf(
          "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>%n",
          text(entry.path("at")),
          text(entry.path("step")),
          text(entry.path("by")),
          text(entry.path("remark")));
    }
    out.println("</table>");
    for (Map.Entry<String, JsonNode> kind :
        campaign.path("planned").path("breakdown").properties()) {
      rows(out, "Sessions by " + kind.getKey(), kind.getValue());
    }
    out.println("</body></html>");
    out.flush();
  }

  private static void rows(PrintWriter out, String title, JsonNode object) {
    if (object.isEmpty()) {
      return;
    }
    out.printf("<h2>%s</h2>%n<table>%n", escaped(title));
    for (Map.Entry<String, JsonNode> row : object.properties()) {
      out.printf(
          "<tr><th scope=\"row\">%s</th><td>%s</td></tr>%n",
          escaped(row.getKey()), text(row.getValue()));
    }
    out.println("</table>");
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      StringBuilder all = new StringBuilder();
      value.forEach(item -> all.append(all.isEmpty() ? "" : ", ").append(item.asText()));
      return escaped(all.toString());
    }
    return escaped(value.asText());
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
