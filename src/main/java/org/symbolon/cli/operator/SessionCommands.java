package org.symbolon.cli.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code symbolon session} and {@code symbolon subject}. */
public final class SessionCommands {
  private SessionCommands() {}

  /** Those of one session. */
  public static Object[] ofSessions(Map<String, String> environment) {
    return new Object[] {
      new CommandLine(new Sessions(environment)).setCommandName("list"),
      new Show(environment),
      new Revoke(environment)
    };
  }

  /** Those of one subject. */
  public static Object[] ofSubjects(Map<String, String> environment) {
    return new Object[] {new Sessions(environment), new Logout(environment)};
  }

  private static void print(PrintWriter out, JsonNode sessions) {
    Tables.print(
        out,
        sessions,
        "handle",
        "tenant",
        "subject",
        "client_class",
        "acr",
        "amr",
        "issued_at",
        "last_seen_at",
        "expires_at",
        "flags");
  }

  /** What those of one session have. */
  private abstract static class OfOne implements Callable<Integer> {
    @Mixin final AdminListener admin;

    @Parameters(paramLabel = "HANDLE", description = "The session's public name.")
    String handle = "";

    OfOne(Map<String, String> environment) {
      this.admin = new AdminListener(environment);
    }

    String path() {
      return "/admin/v1/sessions/" + AdminListener.part(handle);
    }
  }

  @Command(name = "show", description = "All of one.", mixinStandardHelpOptions = true)
  private static final class Show extends OfOne {
    Show(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      return admin.shown(
          admin.ask("GET", path(), ""),
          (out, session) -> print(out, AdminListener.JSON.createArrayNode().add(session)));
    }
  }

  @Command(name = "revoke", description = "End it.", mixinStandardHelpOptions = true)
  private static final class Revoke extends OfOne {
    @Option(names = "--dry-run", description = "End nothing; show what would be ended.")
    private boolean isDry;

    Revoke(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      if (isDry) {
        return admin.shown(
            admin.ask("GET", path(), ""),
            (out, session) -> print(out, AdminListener.JSON.createArrayNode().add(session)));
      }
      AdminListener.Answer answer = admin.ask("DELETE", path(), "");
      if (!answer.isGood()) {
        return admin.refused(answer);
      }
      admin.out().println(admin.isJson() ? "{\"revoked\":1}" : "ended");
      return 0;
    }
  }

  /** What those of one subject have. */
  private abstract static class OfSubject implements Callable<Integer> {
    @Mixin final AdminListener admin;

    @Parameters(paramLabel = "SUBJECT", description = "As the issuer names it.")
    String subject = "";

    @Option(names = "--tenant", paramLabel = "TENANT", defaultValue = "default")
    String tenant = "default";

    OfSubject(Map<String, String> environment) {
      this.admin = new AdminListener(environment);
    }

    String path() {
      return "/admin/v1/tenants/"
          + AdminListener.part(tenant)
          + "/subjects/"
          + AdminListener.part(subject)
          + "/sessions";
    }
  }

  @Command(name = "sessions", description = "The live ones.", mixinStandardHelpOptions = true)
  private static final class Sessions extends OfSubject {
    Sessions(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      return admin.shown(
          admin.ask("GET", path(), ""), (out, body) -> print(out, body.path("sessions")));
    }
  }

  @Command(name = "logout", description = "End them all.", mixinStandardHelpOptions = true)
  private static final class Logout extends OfSubject {
    @Option(names = "--dry-run", description = "End nothing; list what would be ended.")
    private boolean isDry;

    Logout(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
      if (isDry) {
        return admin.shown(
            admin.ask("GET", path(), ""), (out, body) -> print(out, body.path("sessions")));
      }
      return admin.shown(
          admin.ask("DELETE", path(), ""),
          (out, body) -> out.println(body.path("revoked").asText() + " ended"));
    }
  }
}
