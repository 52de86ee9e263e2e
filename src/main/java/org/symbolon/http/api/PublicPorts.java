package org.symbolon.http.api;

import org.symbolon.events.Intake;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.session.AppAssertions;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.CookieReader;
import org.symbolon.session.CsrfTokens;
import org.symbolon.session.DeviceSessions;
import org.symbolon.session.ElevateSession;
import org.symbolon.session.Indicators;
import org.symbolon.session.IssueSession;
import org.symbolon.session.KeyProofs;
import org.symbolon.session.KnownAnswers;
import org.symbolon.session.ListSessions;
import org.symbolon.session.LoginProofs;
import org.symbolon.session.Reason;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.Services;
import org.symbolon.session.SessionIds;
import org.symbolon.session.SignalJudge;
import org.symbolon.session.ValidateSession;

/** All that the public listener asks for answers. */
public record PublicPorts(
    SessionIds ids,
    CookieReader cookies,
    LoginProofs proofs,
    Services services,
    IssueSession issue,
    ValidateSession validate,
    SignalJudge signals,
    KnownAnswers<Reply> known,
    ElevateSession elevate,
    CsrfTokens csrf,
    AppAssertions assertions,
    RevokeSessions revoke,
    ListSessions list,
    DeviceSessions devices,
    KeyProofs keys,
    Indicators indicators,
    AuditTrail audit,
    Intake intake) {

  /**
   * The problem of a refused session, with what the next proof has to name where that is missing.
   */
  Reply refusal(Reason reason) {
    Reply refused = Reply.problem(Problems.of(reason));
    return reason == Reason.USE_DPOP_NONCE ? refused.with("DPoP-Nonce", keys.nonce()) : refused;
  }
}
