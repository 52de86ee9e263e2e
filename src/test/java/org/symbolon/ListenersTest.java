package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.config.Configuration;
import org.symbolon.config.Refusal;
import org.symbolon.http.gateway.Carriers;
import org.symbolon.http.gateway.Profile;

class ListenersTest {
  private static Carriers carriers(Profile profile, String rotate) throws Refusal {
    Map<String, String> flags = Map.of("gateways." + profile.text() + ".rotate", rotate);
    return new Listeners(Configuration.read(Optional.empty(), Map.of(), flags)).carriers();
  }

  @ParameterizedTest
  @EnumSource
  void everyProfileCanBeSetToCarryOrNot(Profile profile) throws Refusal {
    for (Profile other : Profile.values()) {
      assertThat(carriers(profile, "off").carries(other))
          .isEqualTo(other != profile && other.carries());
      assertThat(carriers(profile, "cookie").carries(other))
          .isEqualTo(other == profile || other.carries());
    }
  }
}
