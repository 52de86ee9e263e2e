package org.symbolon.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.MemoryStore;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.session.BindingPolicy.Rung;
import org.symbolon.session.RefusalReports.Line;
import org.symbolon.session.Signal;
import org.symbolon.session.SignalPolicy;
import org.symbolon.session.Tenant;

/** {@code GET /admin/v1/bindings/report}. */
class RefusalReportTest {
  private static final String PATH = "GET /admin/v1/bindings/report";
  private final Rig rig = new Rig();
  private int port;

  @BeforeEach
  void open() {
    port = rig.openAdmin();
    rig.signals = new SignalPolicy(Map.of(Signal.NETWORK, Rung.OBSERVE));
    rig.refusals.add(new Line(Tenant.DEFAULT, "network", 3, 17));
    rig.refusals.add(new Line(new Tenant("blue"), "dbsc", 1, 2));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Wire.Answer ask(String query, String credential) {
    return Wire.call(port, PATH + query, List.of("Authorization: Bearer " + credential), "");
  }

  @Test
  void tellsTheCountsAndTheRungInForce() {
    Wire.Answer answer = ask("?hours=2", "admin");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"hours\":2,\"since\":\"2026-11-24T08:00:00Z\",\"refusals\":["
                + "{\"tenant\":\"default\",\"signal\":\"network\",\"rung\":\"observe\","
                + "\"sessions\":3,\"requests\":17},"
                + "{\"tenant\":\"blue\",\"signal\":\"dbsc\",\"rung\":\"off\","
                + "\"sessions\":1,\"requests\":2}]}");
  }

  @Test
  void tellsNothingOfTenantsThatTheCallerMayNotActFor() {
    assertThat(ask("", "admin.blue").body())
        .contains("\"hours\":24", "\"blue\"")
        .doesNotContain("default");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"?hours=0", "?hours=73", "?hours=-1", "?hours=x", "?hours=1&hours=2", "?days=1"})
  void refusesOtherHoursWithTheMend(String query) {
    Wire.Answer answer = ask(query, "admin");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"mend\":\"Send ");
  }

  @Test
  void saysSoWhereTheStoreGivesNoAnswer() {
    rig.store.mood = MemoryStore.Mood.DOWN;
    assertThat(ask("", "admin").status()).isEqualTo(503);
  }
}
