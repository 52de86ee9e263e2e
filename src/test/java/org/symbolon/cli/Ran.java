package org.symbolon.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** How a command ended, and what it printed. */
public record Ran(int code, String out, String err) {
  public static Ran of(CommandLine line, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
    return new Ran(code, out.toString(), err.toString());
  }
}
