package org.symbolon.http.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.symbolon.http.Exchange;
import org.symbolon.http.Form;
import org.symbolon.http.Json;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.session.ReportRefusals;
import org.symbolon.session.Services.Service;
import org.symbolon.session.Unavailable;

/**
 * {@code GET /admin/v1/bindings/report?hours=N}: what enforcing refused, or would have, by tenant
 * and signal. Lines of tenants that the caller may not act for are left out.
 */
final class RefusalEndpoint {
  private static final int USUAL_HOURS = 24;
  private static final String HOURS = "hours";
  private final ReportRefusals reports;
  private final long longest;

  /**
   * @param kept how long counts are kept
   */
  RefusalEndpoint(ReportRefusals reports, Duration kept) {
    this.reports = reports;
    this.longest = kept.toHours();
  }

  Future<Reply> answer(Exchange exchange, Service operator, Map<String, String> path) {
    int hours = hours(exchange.query());
    return exchange
        .await(reports.last(hours, operator::mayActFor))
        .map(
            outcome ->
                switch (outcome) {
                  case ReportRefusals.Told(Instant since, List<ReportRefusals.Line> lines) ->
                      Reply.json(200, view(hours, since, lines));
                  case Unavailable _ -> Reply.unavailable();
                });
  }

  private int hours(Form query) {
    Optional<String> unknown = query.unknown(List.of(HOURS));
    if (unknown.isPresent()) {
      throw refused(unknown.get() + " is unknown", unknown.get(), "Send hours alone");
    }
    String text = query.one(HOURS).orElse(Long.toString(Math.min(USUAL_HOURS, longest)));
    int hours = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (hours < 1 || hours > longest) {
      throw refused(
          "hours is out of bounds",
          HOURS,
          "Send 1 to " + longest + "; signals.kept says how long counts are kept");
    }
    return hours;
  }

  private static RefusedRequest refused(String detail, String name, String mend) {
    return new RefusedRequest(Problems.parameterInvalid(detail, name, mend));
  }

  private static ObjectNode view(int hours, Instant since, List<ReportRefusals.Line> lines) {
    ObjectNode node = Json.object();
    node.put("hours", hours).put("since", since.toString());
    ArrayNode refusals = node.putArray("refusals");
    for (ReportRefusals.Line line : lines) {
      refusals
          .addObject()
          .put("tenant", line.counts().tenant().value())
          .put("signal", line.counts().signal())
          .put("rung", line.rung().code())
          .put("sessions", line.counts().sessions())
          .put("requests", line.counts().requests());
    }
    return node;
  }
}
