package org.symbolon.http;

import java.util.List;
import java.util.Locale;
import org.symbolon.campaign.Campaigns;
import org.symbolon.session.DeviceSessions;
import org.symbolon.session.Issuance;
import org.symbolon.session.KeyProofs;
import org.symbolon.session.LoginProofs;
import org.symbolon.session.Reason;
import org.symbolon.session.Services;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

/** The one table from results to problems. */
public final class Problems {
  private Problems() {}

  public static Problem requestMalformed(String detail, String field, String mend) {
    return new Problem(
        400, "request-malformed", "The request is not well-formed HTTP", detail, field, mend);
  }

  public static Problem bodyMalformed(String detail, String field, String mend) {
    return new Problem(400, "body-malformed", "The body cannot be read", detail, field, mend);
  }

  public static Problem parameterInvalid(String detail, String field, String mend) {
    return new Problem(
        400, "parameter-invalid", "A parameter has a value that is not known", detail, field, mend);
  }

  public static Problem of(LoginProofs.Refused refused) {
    return new Problem(
        401,
        "assertion-refused",
        "The assertion is not believed",
        "The assertion is not believed for its " + refused.claim(),
        refused.claim(),
        refused.mend());
  }

  public static Problem of(Services.Unknown unknown) {
    return credentialRefused("No service has this credential", unknown.mend());
  }

  public static Problem credentialMissing() {
    return credentialRefused(
        "The request carries no credential of a service",
        "Send exactly one field Authorization: Bearer and a service's key or signed assertion");
  }

  private static Problem credentialRefused(String detail, String mend) {
    return new Problem(
        401, "credential-refused", "The credential is not believed", detail, "Authorization", mend);
  }

  public static Problem of(Reason reason) {
    String detail =
        switch (reason) {
          case MISSING -> "The request carries no session";
          case MALFORMED -> "The session ID is not one of this service";
          case EXPIRED -> "The session has ended";
          case REVOKED -> "The session was ended";
          case REUSED -> "The session was ended because its ID was used twice";
          case SUPERSEDED -> "The session goes on under a newer ID";
          case INSUFFICIENT -> "The authentication is too old or too weak";
          case CSRF -> "The request does not show the session's CSRF token";
          case BINDING_MISSING ->
              "The session is bound to a key, and the request does not prove it";
          case BINDING_STALE -> "The proof of the session's key is too old";
          case BINDING_WRONG -> "The proof is of another key than the session's";
          case BINDING_REPLAYED -> "The proof of the session's key was used before";
          case INVALID_DPOP_PROOF -> "The DPoP proof is not one for this request";
          case USE_DPOP_NONCE -> "The DPoP proof does not name a nonce of this service";
          case UNBOUND -> "The session has to be bound to a key, and is not";
          case SIGNALS_DIFFER -> "The request comes from elsewhere than the session's others";
          case STEP_UP ->
              "The session's key is not proved, or the request comes from elsewhere; it takes a"
                  + " new authentication";
          case ANEW -> "The session's subject is asked to authenticate anew";
          case AMBIGUOUS -> "The request carries several different session IDs";
        };
    return new Problem(
        401,
        Problem.SESSION + reason.code(),
        "There is no good session",
        detail,
        "",
        switch (reason) {
          case BINDING_MISSING, BINDING_STALE, BINDING_WRONG ->
              "Let the browser prove its key again, or log in again";
          case BINDING_REPLAYED -> "Make a proof for each request";
          case INVALID_DPOP_PROOF -> "Make a proof as RFC 9449 section 4.2 has it";
          case USE_DPOP_NONCE -> "Name the value of this reply's DPoP-Nonce";
          case UNBOUND -> "Log in with a client that can be bound";
          case SIGNALS_DIFFER -> "Log in again";
          case STEP_UP, ANEW -> "Authenticate again";
          case MISSING,
              MALFORMED,
              EXPIRED,
              REVOKED,
              REUSED,
              SUPERSEDED,
              INSUFFICIENT,
              CSRF,
              AMBIGUOUS ->
              "Log in again";
        });
  }

  public static Problem crossSite(String detail, String mend) {
    return new Problem(
        403, "cross-site-request", "Another site sent this request", detail, "Origin", mend);
  }

  /** Of a proof that came with a login, whose assertion is not used up. */
  public static Problem of(KeyProofs.Faulty faulty) {
    boolean isNonce = faulty.reason() == Reason.USE_DPOP_NONCE;
    return new Problem(
        401,
        isNonce ? "dpop-nonce-needed" : "dpop-proof-refused",
        "The DPoP proof is not believed",
        "The DPoP proof is not believed for its " + faulty.claim(),
        faulty.claim(),
        faulty.mend());
  }

  public static Problem deviceProofNeeded() {
    return new Problem(
        403,
        "device-proof-needed",
        "The session's key has to be proved",
        "The request holds no proof, or one of a challenge that is no good any more",
        "Secure-Session-Response",
        "Sign the challenge of this reply and send it");
  }

  public static Problem of(DeviceSessions.Refused refused) {
    return new Problem(
        400,
        "device-proof-refused",
        "The proof is not believed",
        "The proof is not believed for its " + refused.field(),
        refused.field(),
        refused.mend());
  }

  public static Problem plaintextRefused() {
    return new Problem(
        403,
        "plaintext-refused",
        "Plaintext is refused",
        "The peer is neither loopback nor a trusted gateway",
        "",
        "Use TLS, or add the gateway to the trusted addresses");
  }

  public static Problem scopeMissing(Services.Scope scope) {
    String name = scope.name().toLowerCase(Locale.ROOT);
    return new Problem(
        403,
        "scope-missing",
        "The service lacks a scope",
        "The service lacks the scope " + name,
        "scope",
        "Give the service the scope " + name);
  }

  public static Problem roleMissing(String who, Services.Role role) {
    return new Problem(
        403,
        "role-missing",
        "The operator lacks a role",
        who + " lacks the role " + role.code(),
        "role",
        "Let somebody with the role " + role.code() + " do it, or give it to " + who);
  }

  public static Problem operatorUnknown(String subject) {
    return new Problem(
        403,
        "operator-unknown",
        "The certificate is no operator's",
        "No operator, or more than one, is configured with a name of the certificate of " + subject,
        "certificate",
        "Set operators.<name>.certificate to one of its names, such as subject:" + subject);
  }

  public static Problem subjectUnknown() {
    return new Problem(
        404,
        "subject-unknown",
        "No subject is known by this identifier",
        "No issuer of this name is configured",
        "sub_id.iss",
        "Send the iss of the issuer whose assertions log the subject in");
  }

  public static Problem streamUnknown() {
    return new Problem(
        404,
        "stream-unknown",
        "There is no such stream",
        "No stream of this name is for this service",
        "stream",
        "Use the name under streams whose service this is");
  }

  public static Problem tenantNotAllowed(Tenant tenant) {
    return new Problem(
        403,
        "tenant-not-allowed",
        "The service may not act for this tenant",
        "The service may not act for the tenant " + tenant,
        "tenant",
        "Give the service the tenant " + tenant);
  }

  public static Problem messageUnknown() {
    return new Problem(
        404,
        "message-unknown",
        "There is no such message",
        "No receiver of this name is configured, or it has refused no message of this ID",
        "",
        "See GET /admin/v1/receivers");
  }

  public static Problem refusedAgain(String why) {
    return new Problem(
        409,
        "message-refused-again",
        "The receiver has not taken the message",
        "The message stays: " + why,
        "",
        "Mend the receiver, or drop the message");
  }

  public static Problem notForAllTenants() {
    return new Problem(
        403,
        "tenant-not-allowed",
        "The service may not act for this tenant",
        "The service may act for some tenants only, and this is about all",
        "tenant",
        "Name one of its tenants in the path, or take its list of tenants away");
  }

  public static Problem notFound() {
    return new Problem(
        404,
        "not-found",
        "Nothing is here",
        "No resource has this path",
        "",
        "See the API description");
  }

  public static Problem profileUnknown(String names) {
    return new Problem(
        404,
        "profile-unknown",
        "No such gateway profile",
        "The path names no gateway profile",
        "profile",
        "Use one of " + names);
  }

  public static Problem sessionUnknown() {
    return new Problem(
        404,
        "session-unknown",
        "No such session",
        "No live session has this handle",
        "handle",
        "List the sessions and use one of their handles");
  }

  public static Problem campaignUnknown() {
    return new Problem(
        404,
        "campaign-unknown",
        "No such campaign",
        "No campaign has this name",
        "id",
        "List the campaigns and use one of their names");
  }

  public static Problem tooManyFollow(int most) {
    return new Problem(
        503,
        "too-many-follow",
        "Too many follow campaigns here",
        "This node tells %d clients of campaigns already".formatted(most),
        "",
        "Ask for the campaign itself, or follow it at another node");
  }

  public static Problem of(Campaigns.Refused refused) {
    int status =
        switch (refused.code()) {
          case CRITERIA, ACTION, SMEAR, CAUSE, TICKET, BREAK_GLASS, CANARY -> 400;
          case STATE, DIGEST, APPROVAL_MISSING, SELF_APPROVAL, PLAN_OLD, NO_FENCE -> 409;
        };
    return new Problem(
        status,
        "campaign-" + refused.code().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        status == 400 ? "The campaign can't be planned so" : "The campaign can't take this step",
        refused.detail(),
        refused.field(),
        refused.mend());
  }

  public static Problem methodNotAllowed(List<String> allowed) {
    return new Problem(
        405,
        "method-not-allowed",
        "The resource does not know the method",
        "The method is not known here",
        "method",
        "Use " + String.join(" or ", allowed));
  }

  public static Problem of(Issuance.LimitReached limit) {
    return new Problem(
        409,
        "session-limit-reached",
        "Too many sessions",
        "The subject has " + limit.max() + " live sessions, the most allowed",
        "subject",
        "End one of the sessions first");
  }

  public static Problem sessionExhausted() {
    return new Problem(
        409,
        "session-exhausted",
        "The session can get no further ID",
        "The session has used all of its IDs",
        "handle",
        "Let the user log in again");
  }

  public static Problem bodyTooLarge(int most) {
    return new Problem(
        413,
        "body-too-large",
        "The body is too large",
        "The body has more than " + most + " bytes",
        "body",
        "Send at most " + most + " bytes");
  }

  public static Problem requestLineTooLong(int most) {
    return new Problem(
        414,
        "request-line-too-long",
        "The request line is too long",
        "The request line has more than " + most + " bytes",
        "",
        "Shorten the URL");
  }

  public static Problem mediaTypeUnsupported(String known) {
    return new Problem(
        415,
        "media-type-unsupported",
        "The media type is not known here",
        "The body has a media type that is not known here",
        "Content-Type",
        "Use " + known);
  }

  public static Problem headersTooLarge(Limits limits) {
    return new Problem(
        431,
        "headers-too-large",
        "The header fields are too large",
        "More than " + limits.fields() + " header fields or " + limits.head() + " bytes of them",
        "",
        "Send fewer or smaller header fields and cookies");
  }

  public static Problem fault(String errorId) {
    return new Problem(
        500,
        "fault",
        "A fault of the service",
        "The request could not be answered; the log of the service has it as " + errorId,
        "",
        "Try again, and tell the operator the name of the fault if it stays");
  }

  /**
   * Of a login that got no answer. Its assertion may be used up.
   *
   * @param cause begins with {@code issuer keys} where it was these that were missing
   */
  public static Problem loginUnavailable(Unavailable cause) {
    boolean keys = cause.cause().startsWith("issuer keys");
    return new Problem(
        503,
        keys ? "issuer-keys-unavailable" : "store-unavailable",
        keys ? "The issuer's keys are missing" : "The session store gives no answer",
        keys ? "The issuer's keys can't be fetched" : "The session store gives no answer",
        "",
        "Sign a new assertion and try again in a second");
  }

  public static Problem notDurable() {
    return new Problem(
        503,
        "not-durable",
        "The end could still be lost",
        "The sessions are ended here, but not yet where a failover can't lose it; it is written"
            + " again until it is",
        "",
        "Repeat the request in a second; if that goes on, see the service's log for what is"
            + " missing");
  }

  public static Problem storeUnavailable() {
    return new Problem(
        503,
        "store-unavailable",
        "The session store gives no answer",
        "The session store gives no answer; nothing is known to have changed",
        "",
        "Try again in a second");
  }
}
