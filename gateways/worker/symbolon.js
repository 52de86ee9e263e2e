// A Cloudflare Worker in front of an application. From documentation, not run.
// Bindings: SYMBOLON, the origin of Symbolon's public listener; the Worker has to be trusted there.
// The session's ID, and its browser's proof of a key.
const COOKIES = ["__Host-sid", "__Host-sid_bound"];
const PATIENCE_MS = 1000;
const IDENTITY = [
  "X-Session-User", "X-Session-Handle", "X-Session-Tenant", "X-Session-Auth-Level",
  "X-Session-Auth-Methods", "X-Session-Auth-Time", "X-Session-Rotated", "X-Session-Assertion",
];
const PASSED = [
  "Cookie", "User-Agent", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest",
  "Sec-WebSocket-Key", "Sec-Purpose", "Purpose", "X-CSRF-Token", "DPoP",
];
// No limiter here, no redirect: to any refusal of /.session/dbsc/ but 403 and 503, a browser forgets its session's key.
const OWN = /^\/(v1\/(login|logout|session\/(refresh|csrf)|me\/sessions)(\/|$)|\.session\/dbsc\/(register|refresh)$)/;

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.protocol !== "https:") {
      return Response.redirect(`https://${url.host}${url.pathname}${url.search}`, 308);
    }
    const told = {
      "X-Forwarded-For": request.headers.get("CF-Connecting-IP") ?? "",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": url.host,
    };
    if (OWN.test(url.pathname)) {
      const passed = new Request(env.SYMBOLON + url.pathname + url.search, request);
      Object.entries(told).forEach(([name, value]) => passed.headers.set(name, value));
      passed.headers.delete("Client-Cert");
      return fetch(passed, { redirect: "manual" });
    }

    const question = new Headers({
      ...told,
      "X-Forwarded-Method": request.method,
      "X-Forwarded-Uri": url.pathname + url.search,
    });
    for (const name of PASSED) {
      const value = request.headers.get(name);
      if (value !== null) question.set(name, value);
    }
    let verdict;
    try {
      verdict = await fetch(`${env.SYMBOLON}/gw/worker/validate`, {
        headers: question,
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE_MS),
        cf: { cacheTtl: 0 },
      });
    } catch {
      return unavailable();
    }
    const cookies = verdict.headers.getSetCookie();
    if (verdict.status === 401 || verdict.status === 403) {
      const refused = new Response(null, { status: verdict.status, headers: { "Cache-Control": "no-store" } });
      for (const name of ["WWW-Authenticate", "DPoP-Nonce", "X-Session-Error"]) {
        const value = verdict.headers.get(name);
        if (value !== null) refused.headers.set(name, value);
      }
      cookies.forEach((cookie) => refused.headers.append("Set-Cookie", cookie));
      return refused;
    }
    if (verdict.status !== 200) {
      return unavailable();
    }

    const allowed = new Request(request);
    for (const name of [...allowed.headers.keys()]) {
      if (name.replaceAll("_", "-").startsWith("x-session-") || name === "client-cert") {
        allowed.headers.delete(name);
      }
    }
    for (const name of IDENTITY) {
      allowed.headers.set(name, verdict.headers.get(name) ?? "");
    }
    const others = (allowed.headers.get("Cookie") ?? "")
      .split(";")
      .map((pair) => pair.trim())
      .filter((pair) => pair !== "" && !COOKIES.includes(pair.split("=", 1)[0]));
    allowed.headers.set("Cookie", others.join("; "));

    const answer = await fetch(allowed, { redirect: "manual" });
    if (cookies.length === 0) {
      return answer;
    }
    const carrying = new Response(answer.body, answer);
    cookies.forEach((cookie) => carrying.headers.append("Set-Cookie", cookie));
    carrying.headers.set("Cache-Control", "private, no-store");
    return carrying;
  },
};

function unavailable() {
  return new Response(null, { status: 503, headers: { "Retry-After": "1", "Cache-Control": "no-store" } });
}
