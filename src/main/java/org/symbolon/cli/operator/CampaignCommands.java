package org.symbolon.cli.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.symbolon.cli.Confirmation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code symbolon campaign}, but for its plan. */
public final class CampaignCommands {
  /** More are typed before they are ended. */
  private static final long UNCONFIRMED = 100;

  private static final String ROOT = "/admin/v1/campaigns";
  private static final long CHECK_MILLIS = 200;

  private CampaignCommands() {}

  /** All of them. */
  public static Object[] all(Map<String, String> environment) {
    return new Object[] {
      new CampaignPlan(environment),
      new ListAll(environment),
      new Show(environment),
      new Approve(environment),
      new Start(environment),
      Step.named(environment, "pause", "End no more sessions for now; the fence stands."),
      Step.named(environment, "resume", "Go on ending sessions behind the fence."),
      Step.named(environment, "abort", "Give it up. A fence stands until unfence."),
      new Unfence(environment),
      new Watch(environment),
      new Report(environment)
    };
  }

  /** What all of them have. */
  private abstract static class OfOne implements Callable<Integer> {
    @Mixin final AdminListener admin;

    @Parameters(paramLabel = "CAMPAIGN", description = "Its name, as in 20261125-k3x7qa.")
    String id = "";

    OfOne(Map<String, String> environment) {
      this.admin = new AdminListener(environment);
    }

    String path() {
      return ROOT + "/" + AdminListener.part(id);
    }

    /** Whether its state lets people take a step, without taking it. */
    int couldStep(String step) throws InterruptedException {
      AdminListener.Answer shown = admin.ask("GET", path(), "");
      int code = admin.shown(shown, Tables::campaign);
      if (code != 0) {
        return code;
      }
      String state = shown.body().path("state").asText();
      for (JsonNode possible : shown.body().path("steps")) {
        if (possible.asText().equals(step)) {
          admin.err().println("dry run: nothing is done; it is " + state + ", and could " + step);
          return 0;
        }
      }
      admin.err().println("dry run: it is " + state + ", where " + step + " is not possible");
      return AdminListener.REFUSED;
    }

    /** Says so where a campaign that was to start did not, and gives the exit code. */
    int begun(JsonNode campaign) {
      String state = campaign.path("state").asText();
      if (!state.equals("planned") && !state.equals("approved")) {
        return 0;
      }
      String remark = campaign.path("remark").asText();
      admin.err().println("symbolon: no fence stands: " + (remark.isEmpty() ? state : remark));
      admin.err().println("  mend: Look at it again, it is counted anew: campaign show " + id);
      admin
          .err()
          .println(
              "        then campaign start %s --hold --digest %s; --now does not count once more"
                  .formatted(id, campaign.path("digest").asText()));
      return AdminListener.REFUSED;
    }

    int step(ObjectNode wish) throws InterruptedException {
      return admin.shown(admin.ask("POST", path() + "/steps", wish.toString()), Tables::campaign);
    }
  }

  @Command(name = "list", description = "The last hundred.", mixinStandardHelpOptions = true)
  private static final class ListAll implements Callable<Integer> {
    @Mixin private final AdminListener admin;

    ListAll(Map<String, String> environment) {
      this.admin = new AdminListener(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      return admin.shown(
          admin.ask("GET", ROOT, ""),
          (out, body) ->
              Tables.print(
                  out,
                  body.path("campaigns"),
                  "id",
                  "state",
                  "fenced",
                  "sessions",
                  "ended",
                  "cause",
                  "ticket",
                  "planned_by"));
    }
  }

  @Command(name = "show", description = "All of one.", mixinStandardHelpOptions = true)
  private static final class Show extends OfOne {
    Show(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      return admin.shown(admin.ask("GET", path(), ""), Tables::campaign);
    }
  }

  @Command(
      name = "approve",
      description = "Agree to a plan that somebody else made.",
      mixinStandardHelpOptions = true)
  private static final class Approve extends OfOne {
    @Option(
        names = "--digest",
        required = true,
        description = "Of the plan that you have looked at; show prints it.")
    private String digest = "";

    @Option(names = "--dry-run", description = "Approve nothing; say whether it could be approved.")
    private boolean isDry;

    Approve(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      if (isDry) {
        return couldStep("approve");
      }
      return step(
          AdminListener.JSON.createObjectNode().put("step", "approve").put("digest", digest));
    }
  }

  @Command(
      name = "start",
      description = {
        "Raise the fence, which no selected session passes any more, and end them behind it.",
        "Sessions begun after the fence are not touched."
      },
      mixinStandardHelpOptions = true)
  private static final class Start extends OfOne {
    @Option(
        names = "--digest",
        required = true,
        description = "Of the plan that you have looked at; show prints it.")
    private String digest = "";

    @Option(
        names = "--hold",
        description = "Raise the fence alone, which can be undone; resume ends the sessions.")
    private boolean hold;

    @Option(names = "--now", description = "Do not count once more before the fence.")
    private boolean now;

    @Option(
        names = "--canary",
        paramLabel = "PERCENT",
        description = {
          "Pause after so many percent of the sessions are ended, 1 to 99, and wait for resume."
              + " The",
          "fence holds for all of them at once."
        })
    private Optional<Integer> canary = Optional.empty();

    @Option(
        names = "--break-glass",
        paramLabel = "REASON",
        description = {
          "Start without the approval that it needs, for a reason that everybody will read.",
          "Needs the role break-glass."
        })
    private Optional<String> reason = Optional.empty();

    @Option(names = "--dry-run", description = "Start nothing; say whether it could be started.")
    private boolean isDry;

    @Option(
        names = "--confirm",
        paramLabel = "COUNT",
        description = {
          "How many sessions it ends, typed, for more than a hundred; asked for at a terminal",
          "without it."
        })
    private Optional<String> confirmed = Optional.empty();

    @Spec private CommandSpec spec = CommandSpec.create();

    Start(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      AdminListener.Answer shown = admin.ask("GET", path(), "");
      if (!shown.isGood()) {
        return admin.refused(shown);
      }
      if (isDry) {
        return couldStart(shown);
      }
      long sessions = shown.body().path("sessions").asLong();
      if (sessions > UNCONFIRMED) {
        Confirmation.demand(
            spec,
            confirmed,
            Long.toString(sessions),
            "This %s %d sessions. Type their number"
                .formatted(
                    Tables.isStepUp(shown.body()) ? "asks for a new login in" : "logs out",
                    sessions));
      }
      ObjectNode wish =
          AdminListener.JSON
              .createObjectNode()
              .put("step", "start")
              .put("digest", digest)
              .put("hold", hold)
              .put("unchecked", now);
      canary.ifPresent(percent -> wish.put("canary", percent));
      reason.ifPresent(text -> wish.put("break_glass", text));
      AdminListener.Answer answer = admin.ask("POST", path() + "/steps", wish.toString());
      while (answer.isGood() && answer.body().path("state").asText().equals("checking")) {
        Thread.sleep(CHECK_MILLIS);
        answer = admin.ask("GET", path(), "");
      }
      int code = admin.shown(answer, Tables::campaign);
      return code == 0 ? begun(answer.body()) : code;
    }

    private int couldStart(AdminListener.Answer shown) {
      int code = admin.shown(shown, Tables::campaign);
      String state = shown.body().path("state").asText();
      if (!state.equals("planned") && !state.equals("approved")) {
        admin.err().println("dry run: it is " + state + ", and can't be started");
        return AdminListener.REFUSED;
      }
      if (!shown.body().path("digest").asText().equals(digest)) {
        admin.err().println("dry run: the digest is another plan's; look at the plan again");
        return AdminListener.REFUSED;
      }
      admin
          .err()
          .println(
              "dry run: nothing is started; it would %s %s sessions, %s"
                  .formatted(
                      Tables.isStepUp(shown.body()) ? "ask for a new login in" : "log out",
                      shown.body().path("sessions").asText(),
                      state.equals("approved") ? "approved" : "not approved by anybody"));
      return code;
    }
  }

  /** A step that needs nothing but its name. */
  @Command(mixinStandardHelpOptions = true)
  private static final class Step extends OfOne {
    private final String name;

    @Option(names = "--dry-run", description = "Do nothing; say whether it could be done.")
    private boolean isDry;

    private Step(Map<String, String> environment, String name) {
      super(environment);
      this.name = name;
    }

    static CommandLine named(Map<String, String> environment, String name, String description) {
      CommandLine command = new CommandLine(new Step(environment, name)).setCommandName(name);
      command.getCommandSpec().usageMessage().description(description);
      return command;
    }

    @Override
    public Integer call() throws InterruptedException {
      return isDry
          ? couldStep(name)
          : step(AdminListener.JSON.createObjectNode().put("step", name));
    }
  }

  @Command(
      name = "unfence",
      description = {
        "Undo: what has not been ended lives again.",
        "Of a completed one it takes the guard away: what a failover brings back is let in."
      },
      mixinStandardHelpOptions = true)
  private static final class Unfence extends OfOne {
    @Option(names = "--dry-run", description = "Do nothing; say whether it could be done.")
    private boolean isDry;

    @Option(
        names = "--confirm",
        paramLabel = "COUNT",
        description = {
          "How many sessions a completed one has ended, typed; asked for at a terminal without it."
        })
    private Optional<String> confirmed = Optional.empty();

    @Spec private CommandSpec spec = CommandSpec.create();

    Unfence(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      if (isDry) {
        return couldStep("unfence");
      }
      AdminListener.Answer shown = admin.ask("GET", path(), "");
      if (!shown.isGood()) {
        return admin.refused(shown);
      }
      if (shown.body().path("state").asText().equals("completed")) {
        String ended = shown.body().path("ended").asText();
        Confirmation.demand(
            spec,
            confirmed,
            ended,
            "It is completed, and %s sessions are ended: its fence guards against a failover that"
                    .formatted(ended)
                + " brings some back, and ends by itself. To let it go, type their number");
      }
      return step(AdminListener.JSON.createObjectNode().put("step", "unfence"));
    }
  }

  @Command(
      name = "watch",
      description = "Follow it until nothing more happens by itself.",
      mixinStandardHelpOptions = true)
  private static final class Watch extends OfOne {
    Watch(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      AtomicReference<JsonNode> last = new AtomicReference<>(AdminListener.JSON.missingNode());
      AdminListener.Answer answer =
          admin.follow(
              path() + "/events",
              campaign -> {
                last.set(campaign);
                admin.out().println(admin.isJson() ? campaign : Tables.progress(campaign));
                admin.out().flush();
              });
      if (!answer.isGood()) {
        return admin.refused(answer);
      }
      if (last.get().path("state").asText().equals("paused")) {
        admin.err().println("paused: " + last.get().path("remark").asText());
        admin.err().println("  next: campaign resume " + id + ", or campaign unfence " + id);
      }
      return begun(last.get());
    }
  }

  @Command(
      name = "report",
      description = "Who, why, how many, by when everywhere, what not, and is it complete.",
      mixinStandardHelpOptions = true)
  private static final class Report extends OfOne {
    @Option(names = "--html", description = "As a page to hand on, instead of text.")
    private boolean isPage;

    Report(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      return admin.shown(
          admin.ask("GET", path() + "/report", ""), isPage ? ReportPage::print : Report::print);
    }

    private static void print(PrintWriter out, JsonNode report) {
      for (String question :
          List.of(
              "who", "why", "how_many", "effective", "completeness", "not_covered", "evidence")) {
        Tables.line(out, question.replace('_', ' '), report.path(question).asText());
      }
      out.println("what happened:");
      Tables.print(out, report.path("campaign").path("story"), "at", "step", "by", "remark");
    }
  }
}
