package org.symbolon.http.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.symbolon.events.RevokeSubject;
import org.symbolon.events.SubjectId;
import org.symbolon.http.Backends;
import org.symbolon.http.Exchange;
import org.symbolon.http.Json;
import org.symbolon.http.Members;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.session.Services;

/**
 * {@code POST /v1/global-token-revocation}: another service ends all sessions of a subject
 * (draft-parecki-oauth-global-token-revocation).
 */
final class GlobalRevocation {
  private static final String FORMAT = "format";
  private static final String SUB_ID = "sub_id";

  private final RevokeSubject revoke;
  private final Backends backends;

  GlobalRevocation(RevokeSubject revoke, Backends backends) {
    this.revoke = revoke;
    this.backends = backends;
  }

  Future<Reply> answer(Exchange exchange, Map<String, String> path) {
    return exchange
        .body()
        .compose(
            body ->
                backends.admit(
                    exchange, Services.Scope.REVOKE, service -> answer(exchange, service, body)));
  }

  private Future<Reply> answer(Exchange exchange, Services.Service service, Buffer body) {
    if (!MediaType.of(exchange).equals(MediaType.JSON)) {
      throw Members.refused("body", "is no JSON", "Send it as " + MediaType.JSON);
    }
    SubjectId id = read(Json.read(body));
    return exchange
        .await(revoke.revoke(id, service, exchange.presenter("direct")))
        .map(
            outcome ->
                switch (outcome) {
                  case RevokeSubject.Ended _ -> Reply.empty(204);
                  case RevokeSubject.NotFound _ -> Reply.problem(Problems.subjectUnknown());
                  case RevokeSubject.NotAllowed(var tenant) ->
                      Reply.problem(Problems.tenantNotAllowed(tenant));
                  case RevokeSubject.Faulty _ ->
                      throw Members.refused(
                          SUB_ID,
                          "names no subject",
                          "Name it in 1 to 255 visible ASCII characters");
                  case RevokeSubject.Ambiguous _ ->
                      throw Members.refused(
                          SUB_ID + "." + FORMAT,
                          "does not say in which tenant, and this service may act for all",
                          "Name the issuer: send iss_sub, or give the service its tenants");
                  case RevokeSubject.Unreachable _ -> Reply.unavailable();
                });
  }

  private static SubjectId read(ObjectNode body) {
    var _ = new Members(body, List.of(SUB_ID));
    if (!(body.get(SUB_ID) instanceof ObjectNode node)) {
      throw Members.refused(SUB_ID, "is no object", "Send a subject identifier (RFC 9493)");
    }
    String format = node.path(FORMAT).asText();
    return switch (format) {
      case "iss_sub" -> {
        Members members = new Members(node, List.of(FORMAT, "iss", "sub"));
        yield new SubjectId.IssSub(members.requiredText("iss"), members.requiredText("sub"));
      }
      case "opaque" ->
          new SubjectId.Opaque(new Members(node, List.of(FORMAT, "id")).requiredText("id"));
      default ->
          throw Members.refused(
              SUB_ID + "." + FORMAT,
              "is none by which a subject is known here",
              "Send iss_sub with the iss and sub of its logins, or opaque with the sub alone");
    };
  }
}
