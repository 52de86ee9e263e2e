package org.symbolon.cli.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "plan",
    description = {
      "Count the sessions that a forced logout would end. Nothing happens to them.",
      "Criteria of different names all have to be met; of one name, one suffices."
    },
    mixinStandardHelpOptions = true)
final class CampaignPlan implements Callable<Integer> {
  private static final String LEAKED = "leaked";
  private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([smh])");

  @Mixin private final AdminListener admin;

  @Option(
      names = {"-w", "--where"},
      paramLabel = "NAME=VALUE",
      description = {
        "A criterion, as in -w tenant=default -w subject=alice -w subject=bob. Names: handle,"
            + " tenant,",
        "account (tenant/subject), subject, client_class, browser, platform, network"
            + " (203.0.113.0/24: issued to), asn, country, fingerprint, gateway (where these"
            + " signals are on), acr, acr_not,",
        "acr_below, amr, amr_not, key, binding (none, dbsc), flag (replay, travel, fan-out,"
            + " plaintext: what speaks for a thief), attribute (name=value), issued_before,",
        "issued_after, seen_before, seen_after, authenticated_before, authenticated_after",
        "(2026-11-25T03:00:00Z). Repeatable."
      })
  private List<String> criteria = new ArrayList<>();

  @Option(
      names = "--values",
      paramLabel = "NAME=FILE",
      description = {
        "A criterion whose values stand in a file, one a line, as in --values subject=users.txt; -",
        "is standard input. Up to 10000 values altogether. Repeatable."
      })
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--leaked",
      paramLabel = "FILE",
      description = {
        "Sessions whose IDs have got out: a file of IDs, one a line; - is standard input. No ID"
            + " leaves",
        "this process, only a hash of what names its session."
      })
  private List<String> leaked = new ArrayList<>();

  @Option(
      names = "--skip-junk",
      description =
          "With --leaked: leave out the lines that are no session ID, instead of refusing.")
  private boolean skipsJunk;

  @Option(
      names = "--step-up",
      description = {
        "Instead of ending them, ask the sessions for a new authentication; whoever gives it goes"
            + " on.",
      })
  private boolean isStepUp;

  @Option(
      names = "--smear",
      paramLabel = "TIME",
      description = {
        "Spread it over a time, as 90s, 30m or 2h, so that they don't all log in at once. A stolen",
        "session is let in until its turn: not for thefts."
      })
  private String smear = "";

  @Option(names = "--all", description = "Every session, instead of criteria.")
  private boolean isAll;

  @Option(
      names = "--except",
      paramLabel = "NAME=VALUE",
      description = "Whom to spare: handle, account, subject, tenant or client_class. Repeatable.")
  private List<String> except = new ArrayList<>();

  @Option(
      names = "--spare-nobody",
      description = {
        "Be about those too whom the configuration spares: your own account,"
            + " campaigns.spareAccounts",
        "and campaigns.spareClasses."
      })
  private boolean sparesNobody;

  @Option(
      names = "--cause",
      required = true,
      paramLabel = "CAUSE",
      description =
          "token_theft, credential_compromise, session_mixup, key_compromise,"
              + " cookie_misconfiguration, policy_change, offboarding, user_request or drill.")
  private String cause = "";

  @Option(
      names = "--ticket",
      required = true,
      paramLabel = "NAME",
      description = "The incident's ticket.")
  private String ticket = "";

  @Option(names = "--dry-run", description = "Ask nothing; print what would be asked.")
  private boolean isDry;

  CampaignPlan(Map<String, String> environment) {
    this.admin = new AdminListener(environment);
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    ObjectNode order = AdminListener.JSON.createObjectNode();
    ObjectNode where = order.putObject("criteria");
    if (isAll) {
      where.put("all", true);
    }
    put(where, criteria, "--where");
    putFiles(where);
    for (String file : leaked) {
      putLeaked(where, file);
    }
    put(order.putObject("except"), except, "--except");
    if (sparesNobody) {
      order.put("spare", false);
    }
    if (isStepUp) {
      order.put("action", "step_up");
    }
    if (!smear.isEmpty()) {
      order.put("smear", seconds());
    }
    order.put("cause", cause).put("ticket", ticket);
    if (isDry) {
      admin.out().println(order);
      admin.out().flush();
      admin.err().println("dry run: nothing is asked; this is what would be");
      return 0;
    }
    AdminListener.Answer answer = admin.ask("POST", "/admin/v1/campaigns", order.toString());
    while (answer.isGood() && answer.body().path("state").asText().equals("planning")) {
      Thread.sleep(200);
      String id = answer.body().path("id").asText();
      answer = admin.ask("GET", "/admin/v1/campaigns/" + id, "");
    }
    return admin.shown(answer, CampaignPlan::print);
  }

  private long seconds() {
    Matcher time = TIME.matcher(smear);
    if (!time.matches()) {
      throw admin.wrong("--smear: a time as 90s, 30m or 2h needed, not " + smear);
    }
    return Long.parseLong(time.group(1))
        * switch (time.group(2)) {
          case "h" -> 3600;
          case "m" -> 60;
          default -> 1;
        };
  }

  private static void print(PrintWriter out, JsonNode plan) {
    Tables.campaign(out, plan);
    out.printf(
        "%nNothing has happened yet. Next somebody else agrees, where it is for many, and the"
            + " fence%nstops them, which can be undone; resume ends them:%n  symbolon campaign"
            + " approve %1$s --digest %2$s%n  symbolon campaign start %1$s --digest %2$s --hold%n",
        plan.path("id").asText(), plan.path("digest").asText());
    out.flush();
  }

  private void putFiles(ObjectNode where) throws IOException {
    for (String pair : files) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw admin.wrong("--values: NAME=FILE needed, not " + pair);
      }
      String file = pair.substring(equals + 1);
      if (pair.substring(0, equals).equals(LEAKED)) {
        putLeaked(where, file);
        continue;
      }
      List<String> values =
          text("--values", file)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .distinct()
              .toList();
      if (values.isEmpty()) {
        throw admin.wrong("--values: " + file + " holds no value; nobody is meant by it");
      }
      put(where, values.stream().map(v -> pair.substring(0, equals + 1) + v).toList(), "--values");
    }
  }

  private void putLeaked(ObjectNode where, String file) throws IOException {
    LeakedList list = LeakedList.read(text("--leaked", file));
    if (!list.junk().isEmpty() && !skipsJunk) {
      throw admin.wrong(
          "--leaked: no session ID in line "
              + list.junkLines()
              + "; mend them, one ID of 36 characters a line, or leave them out with --skip-junk");
    }
    if (list.hashes().isEmpty()) {
      throw admin.wrong("--leaked: " + file + " holds no session ID; nobody is meant by it");
    }
    if (!list.junk().isEmpty()) {
      admin.err().println("left out, no session ID: line " + list.junkLines());
    }
    ArrayNode values =
        where.get(LEAKED) instanceof ArrayNode known ? known : where.putArray(LEAKED);
    list.hashes().forEach(values::add);
  }

  private String text(String option, String file) throws IOException {
    if (file.equals("-")) {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (!Files.isReadable(Path.of(file))) {
      throw admin.wrong(option + ": " + file + " can't be read; name a file of one value a line");
    }
    return Files.readString(Path.of(file));
  }

  private void put(ObjectNode into, List<String> pairs, String option) {
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw admin.wrong(option + ": NAME=VALUE needed, not " + pair);
      }
      String name = pair.substring(0, equals);
      if (name.equals(LEAKED)) {
        throw admin.wrong(
            option + ": others can read an ID on a command line; put the IDs in a --leaked file");
      }
      ArrayNode values = into.get(name) instanceof ArrayNode known ? known : into.putArray(name);
      values.add(pair.substring(equals + 1));
    }
  }
}
