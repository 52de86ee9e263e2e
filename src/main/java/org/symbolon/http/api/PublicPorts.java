package org.symbolon.http.api;

import org.symbolon.session.AuditTrail;
import org.symbolon.session.CookieReader;
import org.symbolon.session.Indicators;
import org.symbolon.session.IssueSession;
import org.symbolon.session.ListSessions;
import org.symbolon.session.LoginProofs;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.Services;
import org.symbolon.session.SessionIds;
import org.symbolon.session.ValidateSession;

/** All that the public listener asks for answers. */
public record PublicPorts(
    SessionIds ids,
    CookieReader cookies,
    LoginProofs proofs,
    Services services,
    IssueSession issue,
    ValidateSession validate,
    RevokeSessions revoke,
    ListSessions list,
    Indicators indicators,
    AuditTrail audit) {}
