package org.symbolon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Holds docs/configuration.md against the list of settings. To write it anew: {@code mvn test
 * -Dtest=ReferenceTest -Dsymbolon.write=true}.
 */
class ReferenceTest {
  private static final Path FILE = Path.of("docs/configuration.md");

  @Test
  void isWhatTheListSays() throws IOException {
    if (Boolean.getBoolean("symbolon.write")) {
      Files.writeString(FILE, Reference.markdown());
    }
    assertThat(Files.readString(FILE)).isEqualTo(Reference.markdown());
  }

  @Test
  void everySettingHasOneNameInTheEnvironment() {
    assertThat(Keys.ALL.stream().map(Sources::environmentName)).doesNotHaveDuplicates();
    assertThat(Keys.ALL.stream().map(Key::name)).doesNotHaveDuplicates();
  }
}
