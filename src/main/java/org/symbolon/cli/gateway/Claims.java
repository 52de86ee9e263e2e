package org.symbolon.cli.gateway;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Probes what becomes of a client's claims: who and where it is, which site it is at, whose
 * certificate it has. All of them, and its session's cookies, must end at the gateway.
 */
final class Claims {
  private static final List<String> IDENTITY =
      List.of(
          "X-Session-User",
          "X-Session-Handle",
          "X-Session-Tenant",
          "X-Session-Auth-Level",
          "X-Session-Auth-Methods",
          "X-Session-Auth-Time",
          "X-Session-Rotated",
          "X-Session-Assertion");
  private static final String OVERWRITE =
      "overwrite every X-Forwarded-* and Forwarded field of the client's";

  private final Site site;
  private final Probing.Pages pages;
  private final List<Finding> findings = new ArrayList<>();

  Claims(Site site, Probing.Pages pages) {
    this.site = site;
    this.pages = pages;
  }

  private static String marker() {
    return "check" + UUID.randomUUID().toString().substring(0, 8);
  }

  private void found(String probe, boolean isGood, String what, String wrong, String mend) {
    findings.add(Finding.of(probe, isGood, what, wrong, mend));
  }

  List<Finding> probe(String id) throws IOException, InterruptedException {
    site();
    certificate(id);
    if (pages.echo().isEmpty()) {
      for (String probe :
          List.of("spoofed-identity", "spoofed-underscore", "spoofed-client", "session-id")) {
        findings.add(Finding.skipped(probe, "needs --echo, to see what reaches the application"));
      }
    } else {
      reaches(pages.echo().get(), id);
    }
    return findings;
  }

  private void site() throws IOException, InterruptedException {
    String evil = "evil-" + marker() + ".example";
    HttpResponse<String> foreign =
        site.post(
            "/v1/session/refresh",
            "",
            pages.with("junk", "Origin", "https://" + evil, "X-Forwarded-Host", evil));
    found(
        "spoofed-forwarding",
        foreign.statusCode() == 403 || !foreign.body().contains("urn:symbolon:problem:"),
        "a client can't say which site it is at",
        "a client's X-Forwarded-Host counts, so other sites can log users in and out",
        OVERWRITE);
  }

  /** Symbolon refuses what holds no certificate, where it believes who tells it. */
  private void certificate(String id) throws IOException, InterruptedException {
    List<String> heard = new ArrayList<>();
    for (String path : List.of(pages.page(), "/v1/me/sessions")) {
      int plain = site.get(path, pages.with(id)).statusCode();
      if (site.get(path, pages.with(id, "Client-Cert", "junk")).statusCode() != plain) {
        heard.add(path);
      }
    }
    found(
        "spoofed-certificate",
        heard.isEmpty(),
        "a client can't say which certificate it has",
        "a client's own Client-Cert reaches Symbolon, at " + String.join(", ", heard),
        "take the client's Client-Cert away, before you set one of a certificate that you"
            + " verified");
  }

  private void reaches(String echo, String id) throws IOException, InterruptedException {
    String shown = marker();
    String dashed = marker();
    String underscored = marker();
    String forwarded = marker();
    String proof = marker();
    List<String> fields =
        new ArrayList<>(
            List.of(
                "Cookie",
                "%1$s=%2$s; %1$s_bound=%3$s".formatted(pages.cookie(), id, proof),
                "X-Symbolon-Check",
                shown));
    for (String name : IDENTITY) {
      fields.addAll(List.of(name, dashed, name.replace('-', '_'), underscored));
    }
    for (String name : List.of("X-Forwarded-For", "X-Forwarded-Host", "X-Original-URI")) {
      fields.addAll(List.of(name, forwarded));
    }
    fields.addAll(List.of("Forwarded", "for=" + forwarded));
    HttpResponse<String> answer = site.get(echo, fields.toArray(String[]::new));
    String body = answer.body();
    if (!body.contains(shown)) {
      findings.add(
          Finding.skipped(
              "spoofed-identity",
              echo + " does not answer with the request's fields, but " + answer.statusCode()));
      return;
    }
    found(
        "spoofed-identity",
        !body.contains(dashed),
        "X-Session-* of a client's does not reach the application",
        "a client's own " + nameOf(body, dashed) + " reaches the application",
        "overwrite every X-Session-* field with the answer's, empty ones too");
    found(
        "spoofed-underscore",
        !body.contains(underscored),
        "X_Session_* of a client's does not reach the application",
        "a client's own " + nameOf(body, underscored) + " reaches the application",
        "drop names with an underscore: CGI-like applications take them for X-Session-*");
    found(
        "spoofed-client",
        !body.contains(forwarded),
        "a client can't say where it comes from",
        "a client's own " + nameOf(body, forwarded) + " reaches the application",
        OVERWRITE);
    found(
        "session-id",
        !body.contains(id) && !body.contains(proof),
        "neither of the session's cookies reaches the application",
        "the application sees "
            + (body.contains(id) ? "the session ID" : "the browser's proof of a key"),
        "take %1$s and %1$s_bound out of the Cookie field that the application gets"
            .formatted(pages.cookie()));
  }

  /** The field that a marker stands in, as the echo shows it. */
  private static String nameOf(String body, String marker) {
    if (!body.contains(marker)) {
      return "";
    }
    String before = body.substring(0, body.indexOf(marker));
    String name = before.replaceFirst("(?s).*?([A-Za-z]+(?:[-_][A-Za-z]+)*)[^A-Za-z]*$", "$1");
    return name.length() < 40 ? name : "field";
  }
}
