package org.symbolon.http.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.symbolon.campaign.Campaign;
import org.symbolon.campaign.Campaigns;
import org.symbolon.http.Exchange;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.session.Services.Service;

/**
 * Tells of a campaign's changes as server-sent events (HTML Living Standard, section 9.2): {@code
 * campaign} with what changed, and {@code end} when nothing more happens by itself. An event's ID
 * is a check sum of its data, so that whoever comes again is not told twice, whatever node answers.
 * A stream ends after a minute, within the time for which a connection may be silent; clients come
 * again by themselves.
 */
final class CampaignEvents {
  private static final long EVERY_MILLIS = 500;
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final int MOST = 50;

  private final Vertx vertx;
  private final Campaigns campaigns;
  private final CampaignEndpoints endpoints;
  private final AtomicInteger open = new AtomicInteger();

  CampaignEvents(Vertx vertx, Campaigns campaigns, CampaignEndpoints endpoints) {
    this.vertx = vertx;
    this.campaigns = campaigns;
    this.endpoints = endpoints;
  }

  Future<Reply> answer(Exchange exchange, Service service, Map<String, String> path) {
    return endpoints
        .found(exchange, service, path)
        .map(
            outcome ->
                switch (outcome) {
                  case Campaigns.Done(Campaign campaign) ->
                      open.get() < MOST
                          ? Reply.stream(
                              200,
                              "text/event-stream",
                              response ->
                                  new Following(exchange, response, campaign.id()).begin(campaign))
                          : Reply.problem(Problems.tooManyFollow(MOST));
                  case Campaigns.Refused refused -> Reply.problem(Problems.of(refused));
                  case Campaigns.Unknown _ -> Reply.problem(Problems.campaignUnknown());
                  case Campaigns.Unreachable _ -> Reply.unavailable();
                });
  }

  /** One client; on its event loop alone. */
  private final class Following {
    private final Exchange exchange;
    private final HttpServerResponse response;
    private final String id;
    private final long begun = System.nanoTime();
    private long toldAt = begun;
    private String last;

    Following(Exchange exchange, HttpServerResponse response, String id) {
      this.id = id;
      this.exchange = exchange;
      this.response = response;
      this.last = exchange.field("Last-Event-ID").orElse("");
    }

    void begin(Campaign campaign) {
      open.incrementAndGet();
      write("retry: 1000\n\n");
      tell(campaign);
    }

    private void tell(Campaign campaign) {
      String data = CampaignView.event(campaign).toString();
      String sum = sum(data);
      if (!sum.equals(last)) {
        last = sum;
        write("event: campaign\nid: " + sum + "\ndata: " + data + "\n\n");
      }
      if (campaign.goesOn()) {
        goOn();
      } else {
        write("event: end\ndata: {}\n\n");
        end();
      }
    }

    private void goOn() {
      if (System.nanoTime() - begun > LONGEST.toNanos()) {
        end();
        return;
      }
      if (System.nanoTime() - toldAt > HEARTBEAT.toNanos()) {
        write(":\n\n");
      }
      vertx.setTimer(EVERY_MILLIS, _ -> look());
    }

    private void look() {
      if (response.closed()) {
        open.decrementAndGet();
        return;
      }
      exchange
          .await(campaigns.find(id))
          .onComplete(
              done -> {
                if (done.result() instanceof Campaigns.Done(Campaign campaign)) {
                  tell(campaign);
                } else {
                  goOn();
                }
              });
    }

    private void write(String text) {
      toldAt = System.nanoTime();
      if (!response.closed()) {
        var _ = response.write(text);
      }
    }

    private void end() {
      open.decrementAndGet();
      if (!response.closed()) {
        var _ = response.end();
      }
    }
  }

  private static String sum(String data) {
    CRC32C sum = new CRC32C();
    sum.update(data.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }
}
