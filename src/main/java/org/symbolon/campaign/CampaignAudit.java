package org.symbolon.campaign;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.Presenter;

/** Tells the audit trail of everything that happens to a campaign. */
public final class CampaignAudit {
  private static final Logger LOG = LoggerFactory.getLogger(CampaignAudit.class);

  private final AuditTrail trail;

  public CampaignAudit(AuditTrail trail) {
    this.trail = trail;
  }

  /** Tells of its last step; of one without the needed approval on its own, and loudly. */
  void record(Campaign campaign, Campaigns.Operator operator) {
    if (campaign.story().getLast().step().equals(State.Step.START.code())) {
      campaign
          .breakGlass()
          .ifPresent(
              why -> {
                warn(campaign, why);
                record(AuditEvent.Action.CAMPAIGN_BREAK_GLASS, campaign, operator);
              });
    }
    record(AuditEvent.Action.CAMPAIGN_STEP, campaign, operator);
  }

  private static void warn(Campaign campaign, String why) {
    LOG.warn(
        "campaign {} of {} sessions was started without an approval by {}: {}",
        campaign.id(),
        campaign.count().map(Count::sessions).orElse(0L),
        campaign.startedBy().orElse(""),
        why);
  }

  private void record(AuditEvent.Action action, Campaign campaign, Campaigns.Operator operator) {
    Campaign.Entry last = campaign.story().getLast();
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("campaign", campaign.id());
    detail.put("step", last.step());
    detail.put("state", campaign.state().code());
    detail.put("by", last.by());
    detail.put("action", campaign.terms().action().code());
    detail.put("cause", campaign.cause().code());
    detail.put("ticket", campaign.ticket());
    campaign.breakGlass().ifPresent(why -> detail.put("break_glass", why));
    campaign.count().ifPresent(count -> detail.put("sessions", "" + count.sessions()));
    campaign.count().ifPresent(_ -> detail.put("digest", campaign.digest()));
    if (!last.remark().isEmpty()) {
      detail.put("remark", last.remark());
    }
    trail.record(
        new AuditEvent(
            last.at(),
            action,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            operator.presenter(),
            detail));
  }

  /** Tells of a step that a node took by itself. */
  void record(Campaign campaign) {
    record(campaign, new Campaigns.Operator("", Presenter.UNKNOWN));
  }
}
