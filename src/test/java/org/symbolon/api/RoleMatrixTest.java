package org.symbolon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;

/** Every role at every operation of the admin listener, as the API description has it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoleMatrixTest {
  /** Who may do what a role is needed for, written down a second time. */
  private static final Map<String, Set<String>> MAY =
      Map.of(
          "viewer", Set.of("viewer", "operator", "approver", "admin"),
          "operator", Set.of("operator", "admin"),
          "approver", Set.of("approver", "admin"),
          "admin", Set.of("admin"));

  private static final List<String> ROLES =
      List.of("viewer", "operator", "approver", "admin", "break-glass");

  private final Rig rig = new Rig();
  private final int port = rig.openAdmin();

  @AfterAll
  void close() throws Exception {
    rig.close();
  }

  record Asked(String line, String body, String needed) {}

  private static List<Asked> all() {
    List<Asked> all = new ArrayList<>();
    for (Operations.Operation operation :
        new Operations(Spec.read(Path.of("api-spec", "openapi.yaml"))).all()) {
      if (operation.listener().equals("admin")) {
        String line =
            operation.method().toUpperCase(Locale.ROOT)
                + " "
                + operation.template().replaceAll("\\{[a-z]+}", "aaaaaaaaaaaaaaaa");
        JsonNode role = operation.place().node().path("x-role");
        boolean hasBody = operation.place().has("requestBody");
        if (role.isObject()) {
          role.properties()
              .forEach(
                  step ->
                      all.add(
                          new Asked(
                              line,
                              "{\"step\":\"" + step.getKey() + "\"}",
                              step.getValue().asText())));
        } else {
          all.add(new Asked(line, hasBody ? "{}" : "", role.asText()));
        }
      }
    }
    return all;
  }

  static Stream<Arguments> matrix() {
    return all().stream().flatMap(asked -> ROLES.stream().map(role -> Arguments.of(role, asked)));
  }

  @Test
  void everyOperationNamesItsLeastRole() {
    assertThat(all())
        .hasSizeGreaterThan(15)
        .allSatisfy(asked -> assertThat(MAY).containsKey(asked.needed()));
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void everyPairNotGrantedIsRefusedAndEveryOtherIsNot(String role, Asked asked) {
    Wire.Answer answer =
        Wire.call(port, asked.line(), List.of("Authorization: Bearer " + role), asked.body());
    if (MAY.getOrDefault(asked.needed(), Set.of()).contains(role)) {
      assertThat(answer.status()).as(answer.body()).isIn(200, 201, 204, 400, 404);
    } else {
      assertThat(answer.status()).as(answer.body()).isEqualTo(403);
      assertThat(answer.body())
          .contains(":role-missing\"", role + " lacks the role " + asked.needed());
    }
  }

  @Test
  void noRoleCoversBreakingTheGlass() {
    for (String role : List.of("operator", "admin")) {
      Wire.Answer answer =
          Wire.call(
              port,
              "POST /admin/v1/campaigns/20260101-aaaaaa/steps",
              List.of("Authorization: Bearer " + role),
              "{\"step\":\"start\",\"break_glass\":\"it burns\"}");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains(role + " lacks the role break-glass");
    }
  }
}
