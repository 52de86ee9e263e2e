package org.symbolon.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a command prints what it found; any other format is refused before anything is done. */
public final class Output {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      converter = Reader.class,
      description = "table for people or json for programs; ${DEFAULT-VALUE}.")
  private Format format = Format.TABLE;

  private enum Format {
    TABLE,
    JSON
  }

  /** Reads its name. */
  private static final class Reader implements ITypeConverter<Format> {
    @Override
    public Format convert(String value) {
      for (Format format : Format.values()) {
        if (format.name().toLowerCase(Locale.ROOT).equals(value)) {
          return format;
        }
      }
      throw new TypeConversionException("table or json needed");
    }
  }

  public boolean isJson() {
    return format == Format.JSON;
  }
}
