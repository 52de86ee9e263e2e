package org.symbolon;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.symbolon.cli.PlainServe;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.Configuration;
import org.symbolon.telemetry.Logging;

/** The {@code symbolon} command. */
public final class Main {
  /** Ends the process with the command's exit code. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Map<String, String> environment = System.getenv();
    OptionalInt code = PlainServe.run(args, environment, Main::serve, out, err);
    System.exit(
        code.orElseGet(
            () ->
                Symbolon.commandLine(
                        args.length == 0 ? "" : args[0],
                        environment,
                        Main::serve,
                        new KeyRingFiles(new SecureRandom()))
                    .setOut(out)
                    .setErr(err)
                    .execute(args)));
  }

  /** Runs a node until the process is told to end. */
  private static void serve(Configuration configuration, PrintWriter out)
      throws Symbolon.StartFailure {
    Node node = Wiring.start(configuration);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  node.close();
                  Logging.flush();
                  ended.countDown();
                },
                "shutdown"));
    node.announce(out);
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Main() {}
}
