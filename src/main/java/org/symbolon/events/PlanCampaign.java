package org.symbolon.events;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.symbolon.campaign.Campaigns;
import org.symbolon.campaign.Cause;
import org.symbolon.session.Presenter;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/** Plans a campaign that ends a subject's sessions, under the name of who sent the event. */
public record PlanCampaign(Campaigns campaigns) {
  private static final int MAX_TICKET = 128;

  /** Tells what stood in the way; empty where it is planned. */
  CompletionStage<Optional<String>> of(Notice notice, Subject subject, Presenter presenter) {
    String ticket = "SET " + notice.jti();
    return campaigns
        .propose(
            new Campaigns.Order(
                Map.of(
                    "tenant",
                    notice.tenants().stream().map(Tenant::value).sorted().toList(),
                    "subject",
                    List.of(subject.value())),
                Map.of(),
                true,
                "",
                0,
                cause(notice.kind()).code(),
                ticket.substring(0, Math.min(ticket.length(), MAX_TICKET))),
            new Campaigns.Operator("event of " + notice.sender(), presenter))
        .thenApply(
            outcome ->
                switch (outcome) {
                  case Campaigns.Done _ -> Optional.empty();
                  case Campaigns.Refused refused -> Optional.of(refused.detail());
                  case Campaigns.Unknown _ -> Optional.of("no campaign");
                  case Campaigns.Unreachable(String why) -> Optional.of(why);
                });
  }

  private static Cause cause(Notice.Kind kind) {
    return switch (kind) {
      case CREDENTIAL_CHANGE -> Cause.CREDENTIAL_COMPROMISE;
      case ACCOUNT_DISABLED -> Cause.OFFBOARDING;
      case LOGOUT, SESSION_REVOKED, VERIFICATION, OTHER -> Cause.USER_REQUEST;
    };
  }
}
