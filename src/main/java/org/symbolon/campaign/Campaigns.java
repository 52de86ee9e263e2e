package org.symbolon.campaign;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.symbolon.session.Presenter;

/** What people do with campaigns. No stage ends in an exception. */
public final class Campaigns {
  private static final Pattern TICKET = Pattern.compile("[\\p{Graph} ]{1,128}");
  private static final Pattern REASON = Pattern.compile("[^\\p{Cntrl}]{1,256}");
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

  /** How often a change is tried again that another one overtook. */
  private static final int ATTEMPTS = 20;

  private final CampaignStore store;
  private final Rules rules;
  private final CampaignAudit audit;
  private final Executor blocking;
  private final RandomGenerator random;

  /**
   * @param blocking runs what waits for the store
   */
  public Campaigns(
      CampaignStore store,
      Rules rules,
      CampaignAudit audit,
      Executor blocking,
      SecureRandom random) {
    this.store = store;
    this.rules = rules;
    this.audit = audit;
    this.blocking = blocking;
    this.random = random;
  }

  /**
   * What is asked for.
   *
   * @param action a {@link Terms.Action#code}; empty for logging out
   * @param spares whether it leaves those alone whom the configuration spares
   * @param smear over how many seconds their turns are spread, 0 for all at once
   */
  public record Order(
      Map<String, List<String>> criteria,
      Map<String, List<String>> except,
      boolean spares,
      String action,
      long smear,
      String cause,
      String ticket) {}

  /**
   * How it is started.
   *
   * @param holds to stop behind the fence until it is resumed
   * @param unchecked not to count once more
   * @param canary after how many percent of the sessions the ending pauses, 1 to 99; 0 for never
   * @param breakGlass why it can't wait for an approval, 1 to 256 characters; empty where it can
   */
  public record Start(boolean holds, boolean unchecked, int canary, Optional<String> breakGlass) {}

  /** Who asks. */
  public record Operator(String name, Presenter presenter) {}

  /** The outcome. */
  public sealed interface Outcome permits Done, Refused, Unknown, Unreachable {}

  /** It stands so now. */
  public record Done(Campaign campaign) implements Outcome {}

  /**
   * Not allowed.
   *
   * @param field of the request, empty where none is at fault
   */
  public record Refused(Code code, String detail, String field, String mend) implements Outcome {}

  /** There is none of this name. */
  public record Unknown() implements Outcome {}

  /** The store gave no answer. */
  public record Unreachable(String cause) implements Outcome {}

  /** Why something is not allowed. */
  public enum Code {
    CRITERIA,
    ACTION,
    SMEAR,
    CAUSE,
    TICKET,
    BREAK_GLASS,
    CANARY,
    STATE,
    DIGEST,
    APPROVAL_MISSING,
    SELF_APPROVAL,
    PLAN_OLD,
    NO_FENCE
  }

  /** All of them, or why not. */
  public sealed interface Listing permits Listed, Unlisted {}

  /** The newest first. */
  public record Listed(List<Campaign> campaigns) implements Listing {}

  /** The store gave no answer. */
  public record Unlisted(String cause) implements Listing {}

  /** Begins one: its sessions are counted, and nothing happens to them. */
  public CompletionStage<Outcome> plan(Order order, Operator operator) {
    return plan(order, operator, false);
  }

  /**
   * The same where a received event asks for it. People find it hours later, so it does not grow
   * old, and is counted anew when it is started. Where one of the same selection is open, it is
   * that one.
   */
  public CompletionStage<Outcome> propose(Order order, Operator operator) {
    return plan(order, operator, true);
  }

  private CompletionStage<Outcome> plan(Order order, Operator operator, boolean isProposed) {
    return call(
        () -> {
          Optional<Cause> cause = Cause.named(order.cause());
          if (cause.isEmpty()) {
            return new Refused(
                Code.CAUSE,
                "The cause is missing or not a known one",
                "cause",
                "Send one of " + Cause.codes());
          }
          if (!TICKET.matcher(order.ticket()).matches()) {
            return new Refused(
                Code.TICKET,
                "The ticket is missing or too long",
                "ticket",
                "Send the ticket's name or address, 1 to 128 printable characters");
          }
          Optional<Terms.Action> action =
              order.action().isEmpty()
                  ? Optional.of(Terms.Action.LOGOUT)
                  : Terms.Action.named(order.action());
          if (action.isEmpty()) {
            return new Refused(
                Code.ACTION,
                "The action is not a known one",
                "action",
                "Send logout or step_up, or leave it out");
          }
          if (order.smear() < 0 || order.smear() > Terms.MOST_SMEAR.toSeconds()) {
            return new Refused(
                Code.SMEAR,
                "The smear is no number of seconds up to a day",
                "smear",
                "Send 1 to " + Terms.MOST_SMEAR.toSeconds() + " seconds, or leave it out");
          }
          Terms terms = new Terms(action.get(), Duration.ofSeconds(order.smear()));
          return switch (Selection.read(order.criteria(), order.except(), rules.acrOrder())) {
            case Selection.Faulty(String field, String detail, String mend) ->
                new Refused(Code.CRITERIA, detail, field, mend);
            case Selection.Read(Selection selection) -> {
              Map<Criterion, List<String>> spared =
                  order.spares()
                      ? rules
                          .spared()
                          .of(
                              operator.name(),
                              selection.criteria().getOrDefault(Criterion.TENANT, List.of()))
                      : Map.of();
              Begin begin =
                  (id, now) ->
                      Campaign.planned(
                          id,
                          selection,
                          spared,
                          terms,
                          cause.get(),
                          order.ticket(),
                          operator.name(),
                          now);
              yield isProposed
                  ? proposed(selection.sparing(spared).text(), begin, operator)
                  : begun(begin, operator);
            }
          };
        });
  }

  private interface Begin {
    Campaign of(String id, Instant now);
  }

  /** Two nodes that hear at once of one account may make two: harmless, and rare. */
  private Done proposed(String selection, Begin begin, Operator operator) throws OutageException {
    Optional<String> last = store.proposed(selection);
    Optional<Campaign> open =
        last.isEmpty() ? Optional.empty() : store.find(last.get()).filter(Campaigns::isOpen);
    if (open.isPresent()) {
      return new Done(open.get());
    }
    Done done = begun((id, now) -> begin.of(id, now).proposed(), operator);
    store.propose(selection, done.campaign().id());
    return done;
  }

  /** Whether a fence that it may raise is yet to come, and will cover what lives now. */
  private static boolean isOpen(Campaign campaign) {
    return switch (campaign.state()) {
      case PLANNING, PLANNED, APPROVED, CHECKING -> true;
      case FENCED, SWEEPING, VERIFYING, PAUSED, COMPLETED, ABORTED -> false;
    };
  }

  private Done begun(Begin begin, Operator operator) throws OutageException {
    while (true) {
      Instant now = store.now();
      Campaign campaign = begin.of(newId(now), now);
      if (store.write(campaign)) {
        audit.record(campaign, operator);
        return new Done(campaign);
      }
    }
  }

  /** Its day and six letters, to be read out and typed. */
  private String newId(Instant now) {
    return DAY.format(now)
        + "-"
        + random
            .ints(6, 0, LETTERS.length())
            .mapToObj(i -> String.valueOf(LETTERS.charAt(i)))
            .collect(Collectors.joining());
  }

  public CompletionStage<Outcome> find(String id) {
    return call(() -> store.find(id).<Outcome>map(Done::new).orElseGet(Unknown::new));
  }

  public CompletionStage<Listing> list(int most) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new Listed(store.list(most));
          } catch (OutageException e) {
            return new Unlisted(String.valueOf(e.getMessage()));
          }
        },
        blocking);
  }

  /** Agrees to a plan, as somebody else than who made it. */
  public CompletionStage<Outcome> approve(String id, String digest, Operator operator) {
    return change(
        id,
        State.Step.APPROVE,
        operator,
        campaign -> {
          if (campaign.plannedBy().equals(operator.name())) {
            return new Refused(
                Code.SELF_APPROVAL,
                "Who planned it can't approve it",
                "",
                "Let somebody with a credential of their own approve it");
          }
          Optional<Outcome> other = differs(campaign, digest);
          return other.orElseGet(() -> new Done(campaign.approved(operator.name(), store.now())));
        });
  }

  private static Optional<Outcome> differs(Campaign campaign, String digest) {
    return digest.equals(campaign.digest())
        ? Optional.empty()
        : Optional.of(
            new Refused(
                Code.DIGEST,
                "The plan is not the one of this digest",
                "digest",
                "Look at the plan again, and send its digest"));
  }

  /**
   * Starts a plan: its sessions are counted once more, then the fence stands, then they are ended.
   */
  public CompletionStage<Outcome> start(String id, String digest, Start start, Operator operator) {
    return change(
        id,
        State.Step.START,
        operator,
        campaign -> {
          Optional<Outcome> other = differs(campaign, digest);
          if (other.isPresent()) {
            return other.get();
          }
          Optional<String> breakGlass = start.breakGlass();
          if (breakGlass.filter(reason -> !REASON.matcher(reason).matches()).isPresent()) {
            return new Refused(
                Code.BREAK_GLASS,
                "The reason is missing or too long",
                "break_glass",
                "Say why it can't wait for an approval, in 1 to 256 printable characters");
          }
          if (start.canary() < 0 || start.canary() > 99) {
            return new Refused(
                Code.CANARY,
                "The canary is no percentage",
                "canary",
                "Send 1 to 99, or leave it out");
          }
          if (start.canary() > 0 && campaign.terms().isStepUp()) {
            return new Refused(
                Code.CANARY,
                "A step-up ends nothing that a canary could pause",
                "canary",
                "Leave it out, or plan a smaller selection first");
          }
          Count count = campaign.count().orElseThrow();
          boolean isUnapproved =
              campaign.state() != State.APPROVED && rules.needsApproval(count.sessions());
          if (isUnapproved && breakGlass.isEmpty()) {
            return new Refused(
                Code.APPROVAL_MISSING,
                "It is about %d sessions; more than %d need a second person"
                    .formatted(count.sessions(), rules.approvalOver()),
                "",
                "Let somebody else approve it first");
          }
          Instant now = store.now();
          boolean isCounted = campaign.isProposed() && !start.unchecked();
          if (!isCounted && count.at().plus(rules.planLife()).isBefore(now)) {
            return new Refused(
                Code.PLAN_OLD,
                "Its sessions were counted more than %d minutes ago"
                    .formatted(rules.planLife().toMinutes()),
                "",
                campaign.isProposed()
                    ? "Start it without unchecked: they are counted again"
                    : "Plan it again");
          }
          return new Done(
              campaign.started(
                  operator.name(),
                  now,
                  start.holds(),
                  start.unchecked(),
                  start.canary(),
                  breakGlass.filter(_ -> isUnapproved)));
        });
  }

  public CompletionStage<Outcome> pause(String id, Operator operator) {
    return step(id, State.Step.PAUSE, operator);
  }

  public CompletionStage<Outcome> resume(String id, Operator operator) {
    return step(id, State.Step.RESUME, operator);
  }

  /** Gives it up. A fence goes on to stand. */
  public CompletionStage<Outcome> abort(String id, Operator operator) {
    return step(id, State.Step.ABORT, operator);
  }

  private CompletionStage<Outcome> step(String id, State.Step step, Operator operator) {
    return change(
        id,
        step,
        operator,
        campaign ->
            campaign.terms().isStepUp() && step != State.Step.ABORT
                ? new Refused(
                    Code.STATE,
                    "A step-up ends nothing that could be paused or resumed",
                    "",
                    "To undo it, unfence it")
                : new Done(campaign.stepped(step, operator.name(), store.now(), "")));
  }

  /** Lifts the fence: what was not ended lives again. */
  public CompletionStage<Outcome> unfence(String id, Operator operator) {
    return change(
        id,
        State.Step.UNFENCE,
        operator,
        campaign ->
            campaign.isFenced()
                ? new Done(campaign.unfenced(operator.name(), store.now()))
                : new Refused(
                    Code.NO_FENCE, "No fence of it stands", "", "There is nothing to undo"));
  }

  private interface Change {
    Outcome of(Campaign campaign) throws OutageException;
  }

  private CompletionStage<Outcome> change(
      String id, State.Step step, Operator operator, Change change) {
    return call(
        () -> {
          for (int i = 0; i < ATTEMPTS; i++) {
            Optional<Campaign> found = store.find(id);
            if (found.isEmpty()) {
              return new Unknown();
            }
            if (found.get().state().after(step).isEmpty()) {
              return illegal(found.get().state(), step);
            }
            Outcome outcome = change.of(found.get());
            if (!(outcome instanceof Done(Campaign next))) {
              return outcome;
            }
            boolean isWritten = step == State.Step.UNFENCE ? store.lift(next) : store.write(next);
            if (isWritten) {
              audit.record(next, operator);
              return outcome;
            }
          }
          return new Unreachable("others changed it all the time");
        });
  }

  private static Refused illegal(State state, State.Step step) {
    String from = State.before(step).stream().map(State::code).collect(Collectors.joining(" or "));
    return new Refused(
        Code.STATE,
        "It is " + state.code() + ", where " + step.code() + " is not possible",
        "",
        step.code() + " needs it to be " + from);
  }

  private CompletionStage<Outcome> call(Callable<Outcome> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.call();
          } catch (OutageException e) {
            return new Unreachable(String.valueOf(e.getMessage()));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        blocking);
  }
}
