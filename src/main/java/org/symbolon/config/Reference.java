package org.symbolon.config;

import java.util.stream.Collectors;

/** The reference of every setting, as the Markdown of docs/configuration.md. */
public final class Reference {
  private static final String HEAD =
      """
      # Configuration

      Settings come from a YAML file (`--config FILE`, `SYMBOLON_CONFIG`, or `symbolon.yaml` in the
      working directory), from the environment, and from flags (`--set key=value`). A flag wins over
      the environment, the environment over the file. Each setting's name in the environment is given
      below; with `_FILE` appended, the value is read from the file it names. A setting nobody knows
      refuses to start, and the nearest name is suggested. `symbolon config check` says what is wrong
      without starting.

      In YAML the dots are levels:

      ```yaml
      public:
        port: 8080
      issuers:
        main:
          issuer: https://id.example
          jwks: https://id.example/jwks.json
      ```

      Durations are a number with a unit: `250ms`, `30s`, `15m`, `12h`, `30d`. Lists are YAML lists,
      or separated by commas. Relative paths start at the file's folder.

      | setting | environment | default | what it does |
      |---|---|---|---|
      """;

  /** Renders it. */
  public static String markdown() {
    return HEAD
        + Keys.ALL.stream()
            .map(
                key ->
                    "| `%s` | `SYMBOLON_%s` | %s | %s |\n"
                        .formatted(
                            key.name(),
                            Sources.environmentName(key),
                            key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`",
                            key.help()))
            .collect(Collectors.joining());
  }

  private Reference() {}
}
