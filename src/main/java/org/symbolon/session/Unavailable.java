package org.symbolon.session;

/**
 * The store gave no answer: neither yes nor no, and never a reason to end a session.
 *
 * @param cause for logs and operators, without any secret
 */
public record Unavailable(String cause)
    implements Decision,
        Issuance,
        Revocation,
        Listing,
        BindingJudge.Verdict,
        BindingProofs.Finding,
        DeviceSessions.Answer,
        ElevateSession.Outcome,
        KeyProofs.Judged,
        LoginProofs.Proof,
        RefusalReports.Outcome,
        ReplayGuard.Claim,
        ReportRefusals.Outcome,
        RotationStore.Elevation,
        RotationStore.Rotation,
        Services.Caller,
        SessionStore.Creation,
        SessionStore.Fastening,
        SessionStore.Finding {}
