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
    tlsListener("public", "8080", "what browsers, gateways and backends call");
    add(
        "public.tls.clientAuth",
        TEXT,
        "off",
        "`request` asks clients for a certificate, `required` ends connections without one; one"
            + " that `public.tls.clientCa` has not signed ends the connection in any case");
    add(
        "public.tls.clientCa",
        PATH,
        "",
        "PEM file of the authorities whose client certificates are taken; read again when it"
            + " changes");
    tlsListener("grpc", "", "Envoy's external authorization over gRPC, only where the port is set");
    tlsListener("admin", "8081", "what operators call");
    add(
        "admin.tls.clientCa",
        PATH,
        "",
        "PEM file of the authority that issues the operators' client certificates; read again when"
            + " it changes. A request without a bearer credential is then its certificate's"
            + " operator's");
    listener("management", "9090", "`/livez`, `/readyz` and `/metrics`");
    add(
        "drain.delay",
        DURATION,
        "3s",
        "how long a node that is told to end goes on answering, unready and closing each connection"
            + " after its reply, until gateways have taken note; then it stops. `0s` in a trial");
    add(
        "trust.addresses",
        TEXTS,
        "",
        "addresses or CIDR blocks of your gateways: their `X-Forwarded-*` is believed, and they may"
            + " speak plaintext");
    add(
        "trust.fingerprint",
        TEXT,
        "",
        "the field in which your gateways tell of their client's TLS handshake, as in `X-JA4`; they"
            + " set it or take it away at every request, and nobody else's is believed");
    add(
        "trust.clientCert",
        FLAG,
        "false",
        "true believes their `Client-Cert` too (RFC 9440, or nginx' `$ssl_client_escaped_cert`):"
            + " all of them have to set it to the certificate that they verified, and to remove"
            + " what a client sent under this name. Of an Envoy that asks by gRPC it believes"
            + " `attributes.source.certificate` (`include_peer_certificate`)");
    add(
        "geo.asn",
        PATH,
        "",
        "a file of the MaxMind DB format (`.mmdb`) that tells an address' autonomous system, as"
            + " GeoLite2-ASN does; kept in memory, and read again when it changes: put the next one"
            + " there by a rename");
    add(
        "geo.country",
        PATH,
        "",
        "the same for an address' country, as GeoLite2-Country does; one file may be both");
    add(
        "privacy.devices",
        FLAG,
        "true",
        "false keeps nothing with a session of the device that it was issued to, neither families"
            + " of browser and platform nor hashes: people don't recognise their devices in"
            + " `/v1/me/sessions`, campaigns find none by browser, platform or network, and no"
            + " difference is seen where a replaced ID comes back (`rotation.onDifference`)");
    add(
        "privacy.presenters",
        FLAG,
        "true",
        "false leaves addresses and user agents out of audit events, also those of operators");
    add(
        "origins",
        TEXTS,
        "",
        "further origins that may log in and out, as in `https://app.example`");
    add(
        "cookie.name",
        TEXT,
        "__Host-sid",
        "the session cookie; the prefix makes browsers hold its attributes. With `cookie.domain` it"
            + " has to begin with `__Secure-`, and is `__Secure-sid` where nothing is set");
    add(
        "cookie.domain",
        TEXT,
        "",
        "the domain whose hosts all get the cookies, as in `example.org`: every one of them could"
            + " then take a session over, or put its own in its place. Only the host that set them"
            + " without one");
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
    add(
        "dbsc.origin",
        TEXT,
        "",
        "where browsers reach this service, as in `https://login.example.org`, where sessions of"
            + " all hosts of `cookie.domain` are bound to a key of the browser: they prove it"
            + " there");
    add(
        "dbsc.site",
        TEXT,
        "",
        "the origin of the site's registrable domain, with the port of `dbsc.origin`, where it is"
            + " above `cookie.domain`. Browsers ask it for `/.well-known/device-bound-sessions`,"
            + " which has to lead to this service");
    add(
        "redis.mode",
        TEXT,
        "embedded",
        "`embedded` (for trying out), `standalone`, `sentinel` or `cluster`");
    add(
        "redis.nodes",
        TEXTS,
        "",
        "`host:port` of the server, of all Sentinels, or of some nodes of the cluster");
    add("redis.master", TEXT, "mymaster", "the name by which the Sentinels know the master");
    add("redis.username", TEXT, "symbolon", "the ACL user");
    secret("redis.password", TEXT, "the ACL user's password");
    add("redis.sentinelUsername", TEXT, "", "the Sentinels' ACL user; `default` where none is set");
    secret("redis.sentinelPassword", TEXT, "its password, where the Sentinels ask for one");
    add(
        "redis.tls",
        FLAG,
        "false",
        "speak TLS to Redis and its Sentinels; needed beyond loopback unless `redis.plaintext` is"
            + " set");
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
        "redis.startTimeout",
        DURATION,
        "10s",
        "how long a node that starts tries again while Redis gives no answer or has no master, as"
            + " during a failover; then it ends with `store-unreachable`. `0s` tries once");
    add(
        "redis.directory",
        PATH,
        ".symbolon",
        "where the embedded Redis and the generated keys are kept");
    add(
        "revocation.durability",
        TEXT,
        "replicas",
        "where a revocation has to be before it is acknowledged: in the master's `memory`, in that"
            + " of all connected `replicas` too, or by `fsync` also on the master's disk (Redis"
            + " 7.2)");
    add(
        "revocation.minReplicas",
        INTEGER,
        "0",
        "how many replicas have to have it at least; with fewer the answer is 503 `not-durable`");
    add(
        "revocation.known",
        INTEGER,
        "4000000",
        "how many ended sessions a node remembers until their absolute deadlines, 10000 to"
            + " 100000000; about 30 bytes each. With more, a part of the sessions that began"
            + " before count as over: one subject in 65,536 each time");
    add(
        "journal.directory",
        PATH,
        "",
        "where this node keeps the revocations that it acknowledges, in files of its own that no"
            + " other node uses: they hold even where Redis loses them while every node is"
            + " restarted. Costs a synchronised write for each group; a full disk is 503"
            + " `not-durable`. In a trial `journal` in `redis.directory`, else none without one");
    add(
        "nearCache.enabled",
        FLAG,
        "true",
        "answer for sessions from memory; false asks Redis at every request");
    add(
        "nearCache.entries",
        INTEGER,
        "100000",
        "how many sessions a node remembers, 1000 to 10000000; about 1 KB each");
    add(
        "staleness.bound",
        DURATION,
        "1s",
        "how long after its end a session may still be let in by another node, 100ms to 1m; usually"
            + " it is milliseconds");
    add(
        "campaigns.approvalOver",
        INTEGER,
        "100",
        "a forced logout of more sessions needs somebody else's approval");
    add(
        "campaigns.drift",
        INTEGER,
        "10",
        "by how many percent a campaign's sessions may have changed since they were counted, for"
            + " it to start");
    add(
        "campaigns.mostP99",
        DURATION,
        "",
        "where validate's 99th percentile stays above it for 5 seconds, the ending of a campaign's"
            + " sessions pauses by itself, and waits for `resume`; it slows down before in any"
            + " case, and the fence holds all the while");
    add(
        "campaigns.mostStoreP99",
        DURATION,
        "",
        "as `campaigns.mostP99`, of what the node that ends sessions asks Redis");
    add(
        "campaigns.mostLoginErrors",
        INTEGER,
        "0",
        "as `campaigns.mostP99`, of how many percent of that node's logins get no session for want"
            + " of Redis; no limit with 0. It tells a node that too many log in again at once");
    add(
        "campaigns.spareAccounts",
        TEXTS,
        "",
        "accounts as `default/alice` that no campaign is about, such as those that have to get in"
            + " when nobody does; one whose plan says `spare: false` (`--spare-nobody`) is. The"
            + " report names them");
    add(
        "campaigns.spareClasses",
        TEXTS,
        "",
        "client classes, likewise, such as that of programs' sessions");
    add(
        "campaigns.evidence",
        PATH,
        "",
        "the folder in which this node writes down each session before it ends it; a node without"
            + " one ends none, its fences hold all the same; in a trial `evidence` in"
            + " `redis.directory`");
    add("keys.file", PATH, "", "the key ring; read again when it changes");
    secret("keys.ring", TEXT, "the key ring's text itself, for an environment without files");
    add(
        "audience",
        TEXT,
        "symbolon",
        "the service's name: what a login assertion's `aud` must contain, and the `iss` of"
            + " `X-Session-Assertion`");
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
    add(
        "issuers.<name>.logoutAudience",
        TEXT,
        "",
        "the client ID by which it knows this service: its logout tokens for it end their subject's"
            + " sessions (`POST /v1/backchannel-logout`); none are taken where nothing is set");
    add(
        "events.<name>.issuer",
        TEXT,
        "",
        "the `iss` of a transmitter whose Security Event Tokens are taken (`POST /v1/events`, RFC"
            + " 8935)");
    add("events.<name>.jwks", TEXT, "", "its public keys: a path, or an https address");
    add("events.<name>.algorithms", TEXTS, "ES256,RS256", "the signature algorithms it may use");
    add("events.<name>.audience", TEXT, "", "the `aud` by which it knows this service");
    add(
        "events.<name>.tenants",
        TEXTS,
        "",
        "the tenants of its subjects: what it tells of a subject holds in all of them; those of the"
            + " issuers that `issuer` and `subjects` name where nothing is set, else `default`");
    add(
        "events.<name>.subjects",
        TEXTS,
        "",
        "the `iss` that its subjects may have (`iss_sub`), beside its own");
    effect("sessionRevoked", "a CAEP `session-revoked`");
    effect("credentialChange", "a CAEP `credential-change`");
    effect("accountDisabled", "a RISC `account-disabled`");
    add(
        "webhooks.<name>.url",
        TEXT,
        "",
        "where a receiver is told of events by POST: an https address, or http on this machine;"
            + " redirects are not followed");
    secret(
        "webhooks.<name>.secret",
        TEXT,
        "the key that signs them, `whsec_` and base64 of 24 to 64 bytes");
    secret(
        "webhooks.<name>.secondSecret",
        TEXT,
        "a second key that signs too, while one takes the other's place");
    add(
        "webhooks.<name>.events",
        TEXTS,
        "session.revoked,session.reused,session.replay_suspected,subject.revoked,tenant.revoked,"
            + "everything.revoked,campaign.step,campaign.break_glass",
        "what it is told of; also `session.issued`, `session.evicted`, `session.elevated`,"
            + " `event.taken` and `campaign.subject`, one for each subject whose sessions a"
            + " campaign ends");
    add(
        "webhooks.<name>.attempts",
        INTEGER,
        "8",
        "after how many refusals an event is put aside, 1 to 100; while nobody answers it waits,"
            + " and those after it");
    add("webhooks.<name>.timeout", DURATION, "5s", "how long an answer may take, 100ms to 20s");
    add(
        "streams.<name>.url",
        TEXT,
        "",
        "where ends of sessions are pushed to as signed CAEP `session-revoked` events (RFC 8935):"
            + " an https address, or http on this machine; their keys are at"
            + " `/.well-known/jwks.json`, their `iss` is `audience`");
    add(
        "streams.<name>.service",
        TEXT,
        "",
        "instead of `url`: the service, with the scope `events`, that asks for the events"
            + " (RFC 8936) at `POST /v1/streams/<name>/poll`");
    add("streams.<name>.audience", TEXT, "", "the `aud` of the events, as the receiver asks for");
    secret(
        "streams.<name>.authorization",
        TEXT,
        "the `Authorization` field that the receiver asks for, as in `Bearer ...`");
    add(
        "streams.<name>.events",
        TEXTS,
        "session.reused,subject.revoked,campaign.subject",
        "which ends are told of; also `session.revoked`, every logout included, and"
            + " `tenant.revoked`");
    add("streams.<name>.attempts", INTEGER, "8", "as for webhooks");
    add("streams.<name>.timeout", DURATION, "5s", "as for webhooks");
    add("assertion.maxAge", DURATION, "5m", "how old an assertion's `iat` may be");
    add("jwks.privateAddresses", FLAG, "false", "let `jwks` addresses resolve to private networks");
    secret("services.<name>.secretSha256", TEXT, "SHA-256, in hex, of a backend's bearer key");
    add(
        "services.<name>.jwks",
        TEXT,
        "",
        "the public keys of a backend that uses `private_key_jwt`: a path, or an https address");
    add(
        "services.<name>.scopes",
        TEXTS,
        "",
        "what it may do: `issue`, `introspect`, `revoke` (`POST /v1/global-token-revocation`),"
            + " `events` (`POST /v1/streams/<name>/poll`), `admin`");
    add("services.<name>.tenants", TEXTS, "", "the tenants it may act for; all where empty");
    add(
        "services.<name>.roles",
        TEXTS,
        "",
        "what it may do with the scope `admin`: `viewer` looks; `operator` also ends sessions and"
            + " runs campaigns; `approver` looks, and approves what others plan; `admin` does all"
            + " of it, and ends a tenant's sessions or all at once; `break-glass`, beside"
            + " `operator` or `admin`, starts a campaign without approval. `admin` where nothing is"
            + " set");
    add(
        "services.<name>.account",
        TEXT,
        "",
        "the operator's own account, as `default/anna`: no campaign that this operator plans is"
            + " about it, unless its plan says `spare: false`");
    add(
        "operators.<name>.certificate",
        TEXT,
        "",
        "a name in an operator's client certificate: `email:`, `dns:` or `uri:` and its alternative"
            + " name, or `subject:` and the distinguished name, as in `subject:CN=anna,O=Example`."
            + " A person who also has a credential needs the same name there, or counts as two");
    add("operators.<name>.account", TEXT, "", "as for services");
    add("operators.<name>.roles", TEXTS, "", "as for services; at least one");
    add(
        "operators.<name>.tenants",
        TEXTS,
        "",
        "the tenants the operator may act for; all where empty");
    add(
        "gateways.<profile>.rotate",
        TEXT,
        "",
        "`cookie` where the `Set-Cookie` of an allowed answer reaches the browser, else `off`:"
            + " session IDs are then replaced at login, step-up and refresh alone; where nothing is"
            + " set, `off` for `kong`, `apisix` and `direct` (`/v1/validate`), else `cookie`");
    add(
        "gateways.<profile>.audience",
        TEXT,
        "",
        "the `aud` of `X-Session-Assertion` behind these gateways, where the host is none of"
            + " `apps`; none is signed where nothing is set");
    add(
        "apps.<name>.host",
        TEXT,
        "",
        "the host of an application that gets an assertion of its own, as in `app.example`");
    add(
        "apps.<name>.audience",
        TEXT,
        "",
        "its `aud`; `https://` and the host where nothing is set");
    add(
        "acr.order",
        TEXTS,
        "",
        "authentication context classes from the weakest to the strongest; one that is not named"
            + " here satisfies no route");
    add(
        "routes.<name>.host",
        TEXT,
        "",
        "the host of an application's route, as in `app.example`; every host without one");
    add(
        "routes.<name>.path",
        TEXT,
        "",
        "its path and all below it, as in `/admin`. Every route that matches counts, and an"
            + " ambiguous path (`//`, `;`, `%2e`, `%2f` and the like) is held to all of them");
    add(
        "routes.<name>.maxAge",
        DURATION,
        "",
        "how long ago the subject may have authenticated, for this route");
    add("routes.<name>.acr", TEXT, "", "the weakest class of `acr.order` that does");
    add(
        "routes.<name>.csrf",
        FLAG,
        "",
        "true demands the session's token in `X-CSRF-Token` of requests that may change something");
    add(
        "routes.<name>.staleAllow",
        DURATION,
        "",
        "for how long, 1s to 1h, a node goes on to allow the sessions that it remembers while Redis"
            + " gives no answer, beyond `staleness.bound`; none that it knows to be over. The"
            + " shortest time of all routes of a request counts; without one the answer is 503");
    timeouts("timeouts", "everyone");
    client("clients.<class>", "a client class");
    limit("limit", "everyone");
    rotation("rotation", "everyone");
    binding("binding", "everyone");
    signals("signals", "everyone");
    add(
        "signals.kept",
        DURATION,
        "72h",
        "how long it is known by the hour what enforcing bindings and signals refused or would have"
            + " refused (`GET /admin/v1/bindings/report`), 1h to 30d; 12 KB in Redis at most for"
            + " each hour, tenant and signal");
    add(
        "signals.travelTime",
        DURATION,
        "1h",
        "how soon being back in the place before the last is too soon, 1m to 24h");
    add(
        "signals.fanOutNetworks",
        INTEGER,
        "5",
        "from how many networks a session may be used within the window, 2 to 20; each is 8 bytes"
            + " of its record");
    add("signals.fanOutWindow", DURATION, "10m", "that window, 1m to 24h");
    timeouts("tenants.<tenant>.timeouts", "a tenant");
    client("tenants.<tenant>.clients.<class>", "a tenant's client class");
    limit("tenants.<tenant>.limit", "a tenant");
    rotation("tenants.<tenant>.rotation", "a tenant");
    binding("tenants.<tenant>.binding", "a tenant");
    signals("tenants.<tenant>.signals", "a tenant");
    add(
        "audit.file",
        PATH,
        "",
        "where this node's audit events go as JSON lines, each with the hash of the one before"
            + " (`symbolon audit verify`); a file of its own for each node, which may be renamed at"
            + " any time. In a trial `audit.jsonl` in `redis.directory`, else"
            + " standard output without one");
    add("audit.length", INTEGER, "100000", "about how many events the Redis stream `audit` keeps");
    add("log.level", TEXT, "info", "`error`, `warn`, `info` or `debug`");
    add(
        "log.format",
        TEXT,
        "",
        "`ecs` (JSON lines) or `text`; in a trial `text` where nothing is set, else `ecs`");
  }

  private static void tlsListener(String name, String port, String what) {
    listener(name, port, what);
    add(
        name + ".tls.certificate",
        PATH,
        "",
        "PEM file of the certificate chain; read again when it changes");
    add(name + ".tls.key", PATH, "", "PEM file of its private key");
  }

  private static void listener(String name, String port, String what) {
    add(name + ".host", TEXT, "127.0.0.1", "where to listen for " + what);
    add(name + ".port", INTEGER, port, "0 takes a free one");
  }

  private static void effect(String name, String event) {
    add(
        "events.<name>." + name,
        TEXT,
        "revoke",
        "what follows from "
            + event
            + ": `revoke` ends the subject's sessions, `campaign` plans a campaign that ends them"
            + " when an operator starts it, `ignore` records it alone");
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

  private static void rotation(String name, String whose) {
    add(
        name + ".age",
        DURATION,
        "",
        "how long a session ID of "
            + whose
            + " is used, from its first use, before its successor is handed out, 1 second to 400"
            + " days; 15m where nothing is set");
    add(
        name + ".overlap",
        DURATION,
        "",
        "how long requests that were under way are let in with the predecessor once its successor"
            + " has been used, for "
            + whose
            + ", up to 10 minutes and the age; 10s where nothing is set");
    add(
        name + ".onReuse",
        TEXT,
        "",
        "what happens for "
            + whose
            + " when a replaced session ID comes back: `report`, `revoke-session` or"
            + " `revoke-subject`; it is refused in any case; `revoke-session` where nothing is"
            + " set");
    add(
        name + ".onDifference",
        TEXT,
        "",
        "what happens for "
            + whose
            + " when a replaced session ID comes from another device or network before its"
            + " successor was used: `audit`, or `refuse`, which also keeps out a person who changes"
            + " networks at that moment; `audit` where nothing is set");
  }

  private static void binding(String name, String whose) {
    add(
        name + ".dbsc",
        TEXT,
        "",
        "how strictly sessions of "
            + whose
            + " are bound to a key of the browser (Device Bound Session Credentials): `off`;"
            + " `observe` records what `enforce` would refuse; `step-up` lets a request without a"
            + " proof in within five minutes of an authentication; `enforce`; `off` where nothing"
            + " is set");
    add(
        name + ".dpop",
        TEXT,
        "",
        "the same for sessions of "
            + whose
            + " that a program binds to a key of its own by the `DPoP` field of its login (RFC"
            + " 9449); `off` where nothing is set");
    add(
        name + ".certificate",
        TEXT,
        "",
        "the same for sessions of "
            + whose
            + " that are bound to the client certificate of their login, which the listener"
            + " verifies (`public.tls.clientAuth`) or a gateway tells of in `Client-Cert`"
            + " (`trust.clientCert`); `off` where nothing is set");
    add(
        name + ".certificateKey",
        TEXT,
        "",
        "the same for sessions of "
            + whose
            + " that are bound to the key of that certificate, so that one renewed with the same"
            + " key goes on being a proof; where `certificate` is on too, that comes first; `off`"
            + " where nothing is set");
    add(
        name + ".tlsExporter",
        TEXT,
        "",
        "the same for sessions of "
            + whose
            + " that a program binds to the TLS 1.3 connection of its login by the field"
            + " `Channel-Binding: tls-exporter` (RFC 9266), on which they then live and end; `off`"
            + " where nothing is set");
    add(
        name + ".required",
        FLAG,
        "",
        "true holds sessions of "
            + whose
            + " that are bound in no way as strictly as those whose proof is missing, which keeps"
            + " out browsers that can't be bound");
    add(
        name + ".grace",
        DURATION,
        "",
        "how long after its login a session of "
            + whose
            + " may be unbound where `required` is true, 10 seconds to 10 minutes; 1m where nothing"
            + " is set");
    add(
        name + ".refresh",
        DURATION,
        "",
        "how long a browser's proof lasts for "
            + whose
            + ", and so how long stolen cookies could, up to 1 hour; 10m where nothing is set");
  }

  private static void signals(String name, String whose) {
    add(
        name + ".userAgent",
        TEXT,
        "",
        "what becomes of requests for a session of "
            + whose
            + " from another browser or platform than its first: `off` neither records nor compares"
            + " it; `observe` records what `enforce` would refuse; `step-up` takes a new"
            + " authentication; `enforce` refuses; `off` where nothing is set");
    add(
        name + ".network",
        TEXT,
        "",
        "the same for sessions of "
            + whose
            + " from another network (/24 of IPv4, /48 of IPv6), which people change in good faith;"
            + " `off` where nothing is set");
    add(
        name + ".asn",
        TEXT,
        "",
        "the same for sessions of "
            + whose
            + " from another autonomous system, as `geo.asn` tells: a Wi-Fi and a mobile network"
            + " mostly are two; `off` where nothing is set");
    add(
        name + ".country",
        TEXT,
        "",
        "the same for sessions of "
            + whose
            + " from another country, as `geo.country` tells; people travel, and a VPN does in no"
            + " time; `off` where nothing is set");
    add(
        name + ".fingerprint",
        TEXT,
        "",
        "the same for sessions of "
            + whose
            + " from a client whose TLS handshake differs, as `trust.fingerprint` tells; it changes"
            + " with a browser's version; `off` where nothing is set");
    add(
        name + ".travel",
        TEXT,
        "",
        "what becomes of a session of "
            + whose
            + " that is used from one country, from another, and from the first again within"
            + " `signals.travelTime`: the rungs are the same, and hold for all who use it until the"
            + " user has authenticated again. Without `geo.country` a network stands for a country,"
            + " and a phone between Wi-Fi and mobile for a traveller; `off` where nothing is set");
    add(
        name + ".fanOut",
        TEXT,
        "",
        "the same for a session of "
            + whose
            + " that is used from more than `signals.fanOutNetworks` networks within"
            + " `signals.fanOutWindow`; `off` where nothing is set");
    add(
        name + ".gateway",
        TEXT,
        "",
        "the same for a session of "
            + whose
            + " that another gateway asks about than the first did, as its path"
            + " `/gw/<gateway>/validate` tells; `off` where nothing is set");
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
