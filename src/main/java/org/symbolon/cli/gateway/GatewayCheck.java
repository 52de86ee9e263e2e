package org.symbolon.cli.gateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code symbolon gateway check}. */
@Command(
    name = "check",
    description = {
      "Probe a deployment through its public address, and name what is wrong and its mend.",
      "Needs a login of a test user, whose session it ends: an assertion, or a backend's key.",
      "Sends nothing else than a browser could, and changes nothing else."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:every probe that could be made is good",
      "1:a fault was found",
      "2:wrong usage",
      "3:the deployment could not be examined: no connection, no login"
    },
    mixinStandardHelpOptions = true)
public final class GatewayCheck implements Callable<Integer> {
  private static final int UNEXAMINED = 3;

  @Parameters(paramLabel = "URL", description = "The site, as in https://app.example.")
  private URI site = URI.create("");

  @Option(
      names = "--assertion-file",
      paramLabel = "FILE",
      description = "A login assertion of a test user, good once; - is standard input.")
  private Optional<String> assertion = Optional.empty();

  @Option(
      names = "--service-key-file",
      paramLabel = "FILE",
      description = "Instead: a backend's NAME.KEY with the scope issue; needs --service.")
  private Optional<Path> serviceKey = Optional.empty();

  @Option(
      names = "--service",
      paramLabel = "URL",
      description = "Symbolon's own address, for --service-key-file.")
  private Optional<URI> service = Optional.empty();

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      defaultValue = "gateway-check",
      description = "Whose session --service-key-file begins; ${DEFAULT-VALUE}.")
  private String subject = "";

  @Option(
      names = "--expiring-class",
      paramLabel = "NAME",
      description =
          "A client class whose sessions expire within a minute (clients.NAME.absolute), to see"
              + " what becomes of one; needs --service-key-file.")
  private Optional<String> expiring = Optional.empty();

  @Option(
      names = "--page",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "A page of the application that needs a session; ${DEFAULT-VALUE}.")
  private String page = "";

  @Option(
      names = "--echo",
      paramLabel = "PATH",
      description =
          "A page that answers with the header fields it was sent; without it, what reaches the"
              + " application is not examined.")
  private Optional<String> echo = Optional.empty();

  @Option(
      names = "--cacheable",
      paramLabel = "PATH",
      description = "A page that the application lets shared caches keep.")
  private Optional<String> cacheable = Optional.empty();

  @Option(
      names = "--missing",
      paramLabel = "PATH",
      description = "A page that there isn't; a random name without it.")
  private Optional<String> missing = Optional.empty();

  @Option(
      names = "--plaintext-port",
      paramLabel = "PORT",
      defaultValue = "80",
      description = "The port that should send on to TLS; ${DEFAULT-VALUE}.")
  private int plaintextPort;

  @Option(names = "--cookie", paramLabel = "NAME", defaultValue = "__Host-sid")
  private String cookie = "";

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "A PEM file of the authorities to trust, instead of the JDK's.")
  private Optional<Path> authority = Optional.empty();

  @Option(
      names = "--while-down",
      description =
          "Only look how the gateway behaves now that you have stopped Symbolon; needs no login.")
  private boolean whileDown;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json; ${DEFAULT-VALUE}.")
  private String output = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    judge();
    try (Site gateway = new Site(site, authority)) {
      Probing probing =
          new Probing(
              gateway,
              new Probing.Pages(
                  cookie,
                  page,
                  echo,
                  cacheable,
                  missing.orElse("/symbolon-check-" + UUID.randomUUID()),
                  plaintextPort));
      List<Finding> findings = whileDown ? probing.whileDown() : all(gateway, probing);
      print(findings);
      return findings.stream().anyMatch(f -> f.verdict() == Finding.Verdict.FAULT) ? 1 : 0;
    } catch (IOException | GeneralSecurityException | NoLogin e) {
      spec.commandLine().getErr().println("symbolon: could not be examined: " + reason(e));
      return UNEXAMINED;
    }
  }

  private List<Finding> all(Site gateway, Probing probing)
      throws IOException, InterruptedException, GeneralSecurityException, NoLogin {
    List<Finding> findings = new ArrayList<>(probing.all(login(gateway)));
    if (expiring.isPresent()) {
      findings.addAll(probing.expires(issued(expiring).id()));
    } else {
      findings.add(Finding.skipped("expired", "needs --expiring-class and --service-key-file"));
    }
    return findings;
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private void judge() {
    if (!"https".equals(site.getScheme()) || site.getHost() == null) {
      throw wrong("URL: https://host or https://host:port needed");
    }
    if (!output.equals("text") && !output.equals("json")) {
      throw wrong("--output: text or json needed");
    }
    if (!whileDown && assertion.isEmpty() == serviceKey.isEmpty()) {
      throw wrong("a login needed: --assertion-file, or --service-key-file with --service");
    }
    if (expiring.isPresent() && serviceKey.isEmpty()) {
      throw wrong("--expiring-class: --service-key-file needed with it");
    }
    if (serviceKey.isPresent() && service.isEmpty()) {
      throw wrong("--service: needed with --service-key-file");
    }
    for (String path :
        List.of(page, echo.orElse("/"), cacheable.orElse("/"), missing.orElse("/"))) {
      if (!path.matches("/[!-~]*")) {
        throw wrong("--page, --echo, --cacheable, --missing: a path from / on needed");
      }
    }
  }

  private CommandLine.ParameterException wrong(String fault) {
    return new CommandLine.ParameterException(spec.commandLine(), fault);
  }

  private Probing.Login login(Site gateway)
      throws IOException, InterruptedException, GeneralSecurityException, NoLogin {
    if (assertion.isPresent()) {
      String text = secret(assertion.get());
      return loginOf(
          gateway.post(
              "/v1/login", text, "Content-Type", "application/jwt", "Origin", gateway.origin()),
          "/v1/login");
    }
    return issued(Optional.empty());
  }

  /** A session that the backend's key begins. */
  private Probing.Login issued(Optional<String> clientClass)
      throws IOException, InterruptedException, GeneralSecurityException, NoLogin {
    String named = clientClass.map(name -> ",\"client_class\":" + Finding.quoted(name)).orElse("");
    try (Site direct = new Site(service.orElseThrow(), authority)) {
      return loginOf(
          direct.post(
              "/v1/sessions",
              "{\"subject\":" + Finding.quoted(subject) + named + "}",
              "Content-Type",
              "application/json",
              "Authorization",
              "Bearer " + secret(serviceKey.orElseThrow().toString())),
          "/v1/sessions");
    }
  }

  private Probing.Login loginOf(HttpResponse<String> answer, String path) throws NoLogin {
    List<String> lines = Site.cookies(answer, cookie);
    if (lines.size() != 1) {
      String detail = answer.body().startsWith("{") ? answer.body().strip() : "";
      throw new NoLogin(
          path
              + " is answered "
              + answer.statusCode()
              + " with "
              + lines.size()
              + " cookies "
              + cookie
              + " "
              + (answer.statusCode() >= 400 ? detail : ""));
    }
    return new Probing.Login(
        Site.value(lines.getFirst()),
        answer.headers().firstValue("Secure-Session-Registration").isPresent());
  }

  private static String secret(String file) throws IOException {
    return (file.equals("-")
            ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
            : Files.readString(Path.of(file)))
        .strip();
  }

  private void print(List<Finding> findings) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.equals("json")) {
      out.println(
          findings.stream()
              .map(Finding::json)
              .collect(
                  Collectors.joining(
                      ",",
                      "{\"site\":" + Finding.quoted(site.toString()) + ",\"findings\":[",
                      "]}")));
    } else {
      findings.forEach(finding -> out.println(finding.line()));
    }
    out.flush();
  }

  /** Nobody could be logged in. */
  private static final class NoLogin extends Exception {
    NoLogin(String reason) {
      super(reason);
    }
  }
}
