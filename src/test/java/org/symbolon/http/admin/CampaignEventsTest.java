package org.symbolon.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;

/** A campaign's progress as server-sent events, of one that nobody counts here. */
class CampaignEventsTest {
  private static final String ORDER =
      "{\"criteria\":{\"tenant\":\"default\"},\"cause\":\"drill\",\"ticket\":\"T-1\"}";

  private final Rig rig = new Rig();
  private final int port = rig.openAdmin();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private String plan() {
    String planned =
        Wire.call(
                port, "POST /admin/v1/campaigns", List.of("Authorization: Bearer operator"), ORDER)
            .body();
    return planned.replaceAll("(?s).*?\"id\":\"([^\"]+).*", "$1");
  }

  private void abort(String id) {
    Wire.Answer answer =
        Wire.call(
            port,
            "POST /admin/v1/campaigns/" + id + "/steps",
            List.of("Authorization: Bearer operator"),
            "{\"step\":\"abort\"}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private HttpResponse<Stream<String>> follow(HttpClient client, String id, String last)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/admin/v1/campaigns/" + id + "/events"))
            .header("Authorization", "Bearer viewer")
            .header("Last-Event-ID", last)
            .build();
    HttpResponse<Stream<String>> response =
        client.send(request, HttpResponse.BodyHandlers.ofLines());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    return response;
  }

  /** The rest of the first line that begins so. */
  private static String next(Iterator<String> lines, String beginning) {
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.startsWith(beginning)) {
        return line.substring(beginning.length());
      }
    }
    throw new AssertionError("no line begins with " + beginning);
  }

  @Test
  void tellsWhatChangesUntilNothingDoes() throws Exception {
    String id = plan();
    try (HttpClient client = HttpClient.newHttpClient()) {
      Iterator<String> lines = follow(client, id, "").body().iterator();
      String first = next(lines, "id: ");
      assertThat(next(lines, "data: ")).contains("\"state\":\"planning\"", id);
      abort(id);
      assertThat(next(lines, "id: ")).isNotEqualTo(first);
      assertThat(next(lines, "data: ")).contains("\"state\":\"aborted\"");
      assertThat(next(lines, "event: ")).isEqualTo("end");
      next(lines, "data: ");
      assertThat(lines).toIterable().allMatch(String::isEmpty);
    }
  }

  @Test
  void tellsNobodyTwiceAndTakesAnyLastEventId() throws Exception {
    String id = plan();
    abort(id);
    try (HttpClient client = HttpClient.newHttpClient()) {
      List<String> all = follow(client, id, "of another place").body().toList();
      assertThat(all).contains("event: campaign", "event: end");
      String last = next(all.iterator(), "id: ");
      List<String> again = follow(client, id, last).body().toList();
      assertThat(again).contains("event: end").doesNotContain("event: campaign");
    }
  }
}
