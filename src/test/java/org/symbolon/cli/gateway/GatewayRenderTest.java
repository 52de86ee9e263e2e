package org.symbolon.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.cli.NoRings;
import org.symbolon.cli.Symbolon;

class GatewayRenderTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder = Path.of("");

  private int run(String... args) {
    return Symbolon.commandLine(Map.of(), (_, _) -> {}, new NoRings())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @ParameterizedTest
  @EnumSource
  void printsTheRecipeAsItLiesWhereNothingIsNamed(Recipe recipe) throws IOException {
    assertThat(run("gateway", "render", recipe.text())).isZero();
    try (var files = Files.list(Path.of("gateways", recipe.text()))) {
      for (Path file : files.toList()) {
        assertThat(out.toString()).contains(Files.readString(file));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void putsEveryNameIn(Recipe recipe) {
    assertThat(
            run(
                "gateway",
                "render",
                recipe.text(),
                "--symbolon=192.0.2.1:1111",
                "--app=192.0.2.2:2222",
                "--host=shop.test",
                "--cookie=__Host-session"))
        .isZero();
    assertThat(out.toString())
        .contains("192.0.2.1:1111", "192.0.2.2:2222", "shop.test", "__Host-session")
        .doesNotContain("symbolon.internal:8080", "app.internal:8000", "app.example", "__Host-sid");
  }

  @ParameterizedTest
  @CsvSource({
    "--symbolon, a b:80",
    "--app, app",
    "--app, app:1;",
    "--host, a{b",
    "--https, 443",
    "--certificate, relative.pem",
    "--key, /a b",
    "--cookie, a=b"
  })
  void refusesWhatCanNotStandInAConfiguration(String option, String value) {
    assertThat(run("gateway", "render", "nginx", option + "=" + value)).isEqualTo(2);
    assertThat(err.toString()).contains(option + ": ").contains("needed");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void namesTheGatewaysThereAre() {
    assertThat(run("gateway", "render", "ngnix")).isEqualTo(2);
    assertThat(err.toString()).contains("nginx");
  }

  @Test
  void overwritesNothing() throws IOException {
    Path file = folder.resolve("symbolon.conf");
    assertThat(run("gateway", "render", "nginx", "--to=" + folder)).isZero();
    String written = Files.readString(file);
    assertThat(run("gateway", "render", "nginx", "--to=" + folder, "--host=other")).isEqualTo(2);
    assertThat(err.toString()).contains("exists");
    assertThat(file).hasContent(written);
  }
}
