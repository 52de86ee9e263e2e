package org.symbolon.config;

import static org.symbolon.config.Key.Kind.DURATION;
import static org.symbolon.config.Key.Kind.FLAG;
import static org.symbolon.config.Key.Kind.INTEGER;
import static org.symbolon.config.Key.Kind.PATH;
import static org.symbolon.config.Key.Kind.TEXT;
import static org.symbolon.config.Key.Kind.TEXTS;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every setting there is. The reference in docs/configuration.md is written from this list. */
final class Keys {
  static final List<Key> ALL = new ArrayList<>();

  static {
    add(
        "profile",
        TEXT,
        "production",
        "`production`, or `development`: weaker cookies, loopback only");
    tlsListener("public", 8080, "what browsers, gateways and backends call");
    tlsListener("admin", 8081, "what operators call");
    listener("management", 9090, "`/livez`, `/readyz` and `/metrics`");
    add(
        "trust.addresses",
        TEXTS,
        "",
        "addresses or CIDR blocks of your gateways: their `X-Forwarded-*` is believed, and they may"
            + " speak plaintext");
    add(
        "origins",
        TEXTS,
        "",
        "further origins that may log in and out, as in `https://app.example`");
    add(
        "cookie.name",
        TEXT,
        "__Host-sid",
        "the session cookie; the prefix makes browsers hold its attributes");
    add("cookie.sameSite", TEXT, "Lax", "`Strict`, `Lax` or `None`");
    add("cookie.secure", FLAG, "true", "false is for the development profile alone");
    add(
        "cookie.persistent",
        FLAG,
        "false",
        "true keeps the cookie when the browser closes, until the absolute deadline");
    add(
        "logout.clearSiteData",
        TEXT,
        "none",
        "what else the browser drops at logout: `none`, `storage` (cache and storage) or `all`"
            + " (cookies of the whole site too)");
    add("redis.mode", TEXT, "embedded", "`embedded` (for trying out), `standalone` or `cluster`");
    add("redis.nodes", TEXTS, "", "`host:port` of the server, or of some nodes of the cluster");
    add("redis.username", TEXT, "symbolon", "the ACL user");
    secret("redis.password", TEXT, "the ACL user's password");
    add(
        "redis.tls",
        FLAG,
        "false",
        "speak TLS to Redis; needed beyond loopback unless `redis.plaintext` is set");
    add(
        "redis.ca",
        PATH,
        "",
        "PEM file of the authority that signed Redis' certificate; the JDK's authorities without"
            + " one");
    add(
        "redis.plaintext",
        FLAG,
        "false",
        "allow plaintext to a Redis beyond loopback, for a network you trust");
    add("redis.timeout", DURATION, "200ms", "how long a command may take before the answer is 503");
    add(
        "redis.directory",
        PATH,
        ".symbolon",
        "where the embedded Redis and the generated keys are kept");
    add("keys.file", PATH, "", "the key ring; read again when it changes");
    secret("keys.ring", TEXT, "the key ring's text itself, for an environment without files");
    add("audience", TEXT, "symbolon", "what an assertion's `aud` must contain");
    add("issuers.<name>.issuer", TEXT, "", "the `iss` of an issuer whose assertions log in");
    add("issuers.<name>.jwks", TEXT, "", "its public keys: a path, or an https address");
    add("issuers.<name>.algorithms", TEXTS, "ES256,RS256", "the signature algorithms it may use");
    add("issuers.<name>.tenant", TEXT, "default", "the tenant of its subjects");
    add(
        "issuers.<name>.tenants",
        TEXTS,
        "",
        "the tenants its assertions may name in `tenant`, instead of one fixed");
    add("issuers.<name>.clientClass", TEXT, "browser", "the client class of its sessions");
    add("assertion.maxAge", DURATION, "5m", "how old an assertion's `iat` may be");
    add("jwks.privateAddresses", FLAG, "false", "let `jwks` addresses resolve to private networks");
    secret("services.<name>.secretSha256", TEXT, "SHA-256, in hex, of a backend's bearer key");
    add(
        "services.<name>.jwks",
        TEXT,
        "",
        "the public keys of a backend that uses `private_key_jwt`: a path, or an https address");
    add("services.<name>.scopes", TEXTS, "", "what it may do: `issue`, `introspect`, `admin`");
    add("services.<name>.tenants", TEXTS, "", "the tenants it may act for; all where empty");
    timeouts("timeouts", "everyone");
    client("clients.<class>", "a client class");
    limit("limit", "everyone");
    timeouts("tenants.<tenant>.timeouts", "a tenant");
    client("tenants.<tenant>.clients.<class>", "a tenant's client class");
    limit("tenants.<tenant>.limit", "a tenant");
    add(
        "audit.file",
        PATH,
        "",
        "where audit events go as JSON lines; in a trial `audit.jsonl` in `redis.directory`, else"
            + " standard output without one");
    add("audit.length", INTEGER, "100000", "about how many events the Redis stream `audit` keeps");
    add("log.level", TEXT, "info", "`error`, `warn`, `info` or `debug`");
    add(
        "log.format",
        TEXT,
        "",
        "`ecs` (JSON lines) or `text`; in a trial `text` where nothing is set, else `ecs`");
  }

  private static void tlsListener(String name, int port, String what) {
    listener(name, port, what);
    add(
        name + ".tls.certificate",
        PATH,
        "",
        "PEM file of the certificate chain; read again when it changes");
    add(name + ".tls.key", PATH, "", "PEM file of its private key");
  }

  private static void listener(String name, int port, String what) {
    add(name + ".host", TEXT, "127.0.0.1", "where to listen for " + what);
    add(name + ".port", INTEGER, Integer.toString(port), "0 takes a free one");
  }

  private static void timeouts(String name, String whose) {
    add(
        name + ".preset",
        TEXT,
        "",
        "`aal1`, `aal2` or `aal3` of NIST SP 800-63B-4 for "
            + whose
            + "; `aal2` where nothing is set");
    client(name, whose);
  }

  private static void client(String name, String whose) {
    add(name + ".idle", DURATION, "", "how long a session of " + whose + " lives without use");
    add(name + ".absolute", DURATION, "", "how long a session of " + whose + " lives altogether");
  }

  private static void limit(String name, String whose) {
    add(
        name + ".max",
        INTEGER,
        "",
        "live sessions of one subject, 1 to 1000, for " + whose + "; 100 where nothing is set");
    add(
        name + ".whenReached",
        TEXT,
        "",
        "`reject`, `evict-oldest` or `evict-least-used`; the last where nothing is set");
  }

  private static void add(String name, Key.Kind kind, String fallback, String help) {
    ALL.add(new Key(name, kind, fallback, false, help));
  }

  private static void secret(String name, Key.Kind kind, String help) {
    ALL.add(new Key(name, kind, "", true, help));
  }

  static Optional<Key> find(List<String> path) {
    return ALL.stream().filter(key -> key.matches(path)).findFirst();
  }

  private Keys() {}
}
