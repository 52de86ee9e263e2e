package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.symbolon.config.Configuration;
import org.symbolon.config.Refusal;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Tenant;
import org.symbolon.session.TieredPolicy;

/** What a configuration puts in force. */
class PoliciesTest {
  private static final Duration AAL3 = Duration.ofHours(12);
  private static final List<String> PRESETS = List.of("", "aal1", "aal2", "aal3");
  private static final List<String> PLACES =
      List.of(
          "timeouts.absolute",
          "clients.native.absolute",
          "tenants.acme.timeouts.absolute",
          "tenants.acme.clients.native.absolute");

  private static Configuration read(Map<String, String> flags) throws Refusal {
    return Configuration.read(Optional.empty(), Map.of(), flags);
  }

  private static void put(Map<String, String> flags, String key, String value) {
    if (!value.isEmpty()) {
      flags.put(key, value);
    }
  }

  /** Every combination of presets at both places and absolute timeouts at all four. */
  private static List<Map<String, String>> combinations() {
    List<Map<String, String>> all = new ArrayList<>();
    for (String base : PRESETS) {
      for (String tenant : PRESETS) {
        for (int set = 0; set < 81; set++) {
          Map<String, String> flags = new HashMap<>();
          put(flags, "timeouts.preset", base);
          put(flags, "tenants.acme.timeouts.preset", tenant);
          int rest = set;
          for (String place : PLACES) {
            put(flags, place, List.of("", "12h", "43201s").get(rest % 3));
            rest /= 3;
          }
          all.add(flags);
        }
      }
    }
    return all;
  }

  /** Whether a session that AAL3 is named for would live beyond 12 hours. */
  private static boolean breaks(Map<String, String> flags, TieredPolicy policy) {
    String base = flags.getOrDefault("timeouts.preset", "");
    String tenant = flags.getOrDefault("tenants.acme.timeouts.preset", base);
    for (String client : List.of("browser", "native")) {
      ClientClass named = new ClientClass(client);
      boolean isLong = policy.timeouts(Tenant.DEFAULT, named).absolute().compareTo(AAL3) > 0;
      boolean isAcmesLong =
          policy.timeouts(new Tenant("acme"), named).absolute().compareTo(AAL3) > 0;
      if ((base.equals("aal3") && isLong) || (tenant.equals("aal3") && isAcmesLong)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void noCombinationThatStartsIsPastAShall() {
    int accepted = 0;
    int refused = 0;
    for (Map<String, String> flags : combinations()) {
      try {
        TieredPolicy policy = Policies.of(read(flags).policy());
        assertThat(breaks(flags, policy)).as(flags.toString()).isFalse();
        accepted++;
      } catch (Refusal refusal) {
        assertThat(refusal).hasMessageContaining("allows aal3 at most 12h");
        assertThat(flags.values()).as(flags.toString()).contains("aal3", "43201s");
        refused++;
      }
    }
    assertThat(accepted).isGreaterThan(500);
    assertThat(refused).isGreaterThan(200);
  }

  @Test
  void printsAllThatIsInForce() throws Exception {
    Configuration configuration =
        read(
            Map.ofEntries(
                Map.entry("timeouts.preset", "aal2"),
                Map.entry("clients.native.idle", "2h"),
                Map.entry("tenants.acme.timeouts.preset", "aal3"),
                Map.entry("tenants.acme.rotation.age", "5m"),
                Map.entry("rotation.onReuse", "revoke-subject"),
                Map.entry("rotation.onDifference", "refuse"),
                Map.entry("gateways.kong.rotate", "cookie"),
                Map.entry("trust.addresses", "127.0.0.1"),
                Map.entry("acr.order", "loa1,loa2,loa3"),
                Map.entry("routes.vault.host", "App.Example"),
                Map.entry("routes.vault.path", "/Vault/"),
                Map.entry("routes.vault.maxAge", "5m"),
                Map.entry("routes.vault.acr", "loa2"),
                Map.entry("routes.shop.path", "/shop"),
                Map.entry("routes.shop.csrf", "true"),
                Map.entry("routes.shop.staleAllow", "2m")));
    Listeners listeners = new Listeners(configuration);
    JsonNode policy =
        new JsonMapper()
            .readTree(
                Policies.json(
                    configuration.policy(),
                    Policies.of(configuration.policy()),
                    listeners.carriers(),
                    listeners.routes()));
    assertThat(policy.at("/default/clients/browser").toString())
        .isEqualTo("{\"idle\":3600,\"absolute\":86400,\"aal\":2}");
    assertThat(policy.at("/default/clients/native/aal").asInt()).isEqualTo(1);
    assertThat(policy.at("/tenants/acme/clients/browser/aal").asInt()).isEqualTo(3);
    assertThat(policy.at("/tenants/acme/rotation").toString())
        .isEqualTo(
            "{\"age\":300,\"overlap\":10,\"on_reuse\":\"revoke-subject\","
                + "\"on_difference\":\"refuse\"}");
    assertThat(policy.at("/default/limit/max").asInt()).isEqualTo(100);
    assertThat(policy.at("/gateways/kong/rotate").asText()).isEqualTo("cookie");
    assertThat(policy.at("/gateways/apisix/rotate").asText()).isEqualTo("off");
    assertThat(policy.at("/routes/vault").toString())
        .isEqualTo(
            "{\"host\":\"app.example\",\"path\":\"/vault\",\"max_age\":300,"
                + "\"acr_values\":[\"loa2\",\"loa3\"],\"csrf\":false}");
    assertThat(policy.at("/routes/shop/csrf").asBoolean()).isTrue();
    assertThat(policy.at("/routes/shop/stale_allow").asInt()).isEqualTo(120);
  }
}
