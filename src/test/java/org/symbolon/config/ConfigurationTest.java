package org.symbolon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
  private static final Map<String, String> NONE = Map.of();

  @TempDir private Path folder = Path.of("");

  private Configuration yaml(String text) throws Refusal, IOException {
    Path file = folder.resolve("symbolon.yaml");
    Files.writeString(file, text);
    return Configuration.read(Optional.of(file), NONE, NONE);
  }

  private static Configuration flags(Map<String, String> flags) throws Refusal {
    return Configuration.read(Optional.empty(), NONE, flags);
  }

  @ParameterizedTest
  @CsvSource({
    "staleness.bound, 99ms",
    "staleness.bound, 61s",
    "staleness.bound, 1",
    "nearCache.entries, 999",
    "nearCache.entries, 10000001",
    "nearCache.enabled, maybe"
  })
  void aNearCacheOutOfBoundsIsRefusedByName(String key, String value) {
    assertThatThrownBy(() -> flags(Map.of(key, value)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(key);
  }

  @Test
  void theNearCacheIsOnUnlessItIsTurnedOff() throws Refusal {
    assertThat(flags(NONE).nearCache())
        .isEqualTo(new NearCacheConfig(100_000, Duration.ofSeconds(1)));
    assertThat(flags(Map.of("nearCache.enabled", "false", "nearCache.entries", "5000")).nearCache())
        .isEqualTo(new NearCacheConfig(0, Duration.ofSeconds(1)));
    assertThat(flags(Map.of("staleness.bound", "1m")).nearCache().bound())
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void withoutAnythingItIsATrialOnLoopback() throws Refusal {
    Configuration configuration = flags(NONE);
    assertThat(configuration.isTrial()).isTrue();
    assertThat(configuration.publicListener().isLoopback()).isTrue();
    assertThat(configuration.publicListener().port()).isEqualTo(8080);
    assertThat(configuration.admin().port()).isEqualTo(8081);
    assertThat(configuration.management().port()).isEqualTo(9090);
    assertThat(configuration.cookie())
        .isEqualTo(new CookieConfig("__Host-sid", "Lax", true, false, Optional.empty()));
    assertThat(configuration.policy().base().idle()).contains(Duration.ofHours(1));
    assertThat(configuration.policy().base().absolute()).contains(Duration.ofHours(24));
    assertThat(configuration.gateways()).isEmpty();
    assertThat(configuration.redis().timeout()).isEqualTo(Duration.ofMillis(200));
    assertThat(configuration.warnings()).isEmpty();
  }

  @Test
  void readsEverythingFromYaml() throws Refusal, IOException {
    for (String name : List.of("cert.pem", "key.pem", "ring.txt")) {
      Files.writeString(folder.resolve(name), "");
    }
    Configuration configuration =
        yaml(
            """
            public:
              host: 10.0.0.5
              port: 443
              tls: {certificate: cert.pem, key: key.pem}
            trust: {addresses: [10.0.0.0/8, "::1"]}
            origins: [https://app.example]
            cookie: {sameSite: Strict, persistent: true}
            redis: {nodes: "10.1.0.1:6379,10.1.0.2:6379", mode: cluster, tls: true, password: hunter2}
            keys: {file: ring.txt}
            audience: https://sessions.example
            issuers:
              main: {issuer: "https://id.example", jwks: "https://id.example/jwks", algorithms: [ES256]}
            services:
              shop: {secretSha256: %s, scopes: [issue, introspect], tenants: [acme]}
            timeouts: {preset: aal3}
            limit: {max: 5, whenReached: reject}
            rotation: {age: 5m, overlap: 20s}
            gateways: {nginx: {rotate: off, audience: shop}, direct: {rotate: cookie}}
            apps: {wiki: {host: Wiki.example}, mail: {host: mail.example, audience: mail}}
            clients: {native: {idle: 10m}}
            tenants:
              acme:
                timeouts: {idle: 5m, absolute: 1h}
                limit: {max: 2}
                rotation: {age: 1h, onReuse: revoke-subject}
            log: {level: debug, format: text}
            """
                .formatted("ab".repeat(32)));
    assertThat(configuration.publicListener().tls())
        .contains(
            new ListenerConfig.TlsFiles(
                folder.resolve("cert.pem"), folder.resolve("key.pem"), Optional.empty()));
    assertThat(configuration.gateways()).containsExactly("10.0.0.0/8", "::1");
    assertThat(configuration.apps().ofHosts())
        .containsOnly(
            Map.entry("wiki.example", "https://wiki.example"), Map.entry("mail.example", "mail"));
    assertThat(configuration.apps().ofGateways()).containsOnly(Map.entry("nginx", "shop"));
    assertThat(configuration.redis().nodes())
        .containsExactly(
            new RedisConfig.Node("10.1.0.1", 6379), new RedisConfig.Node("10.1.0.2", 6379));
    assertThat(configuration.redis().mode()).isEqualTo(RedisConfig.Mode.CLUSTER);
    assertThat(configuration.keys().file()).contains(folder.resolve("ring.txt"));
    assertThat(configuration.issuers().getFirst().algorithms()).containsExactly("ES256");
    assertThat(configuration.services().getFirst().tenants()).containsExactly("acme");
    assertThat(configuration.policy().base().idle()).contains(Duration.ofMinutes(15));
    assertThat(configuration.policy().base().max()).contains(5);
    assertThat(configuration.policy().clients())
        .hasEntrySatisfying(
            "native", own -> assertThat(own.idle()).contains(Duration.ofMinutes(10)));
    assertThat(configuration.policy().tenants())
        .hasEntrySatisfying(
            "acme",
            own -> {
              assertThat(own.scope().absolute()).contains(Duration.ofHours(1));
              assertThat(own.scope().max()).contains(2);
              assertThat(own.scope().rotation().age()).contains(Duration.ofHours(1));
              assertThat(own.scope().rotation().overlap()).isEmpty();
              assertThat(own.scope().rotation().onReuse())
                  .contains(PolicyConfig.OnReuse.REVOKE_SUBJECT);
            });
    assertThat(configuration.policy().base().rotation().overlap()).contains(Duration.ofSeconds(20));
    assertThat(configuration.rotate())
        .containsOnly(
            Map.entry("direct", GatewayConfig.Rotate.COOKIE),
            Map.entry("nginx", GatewayConfig.Rotate.OFF));
    assertThat(configuration.toString()).doesNotContain("hunter2");
  }

  @Test
  void aFlagWinsOverTheEnvironmentAndThatOverTheFile() throws Refusal, IOException {
    Path file = folder.resolve("a.yaml");
    Files.writeString(file, "public: {port: 1}\nadmin: {port: 1}\nmanagement: {port: 1}\n");
    Configuration configuration =
        Configuration.read(
            Optional.of(file),
            Map.of("SYMBOLON_PUBLIC_PORT", "2", "SYMBOLON_ADMIN_PORT", "2"),
            Map.of("public.port", "3"));
    assertThat(configuration.publicListener().port()).isEqualTo(3);
    assertThat(configuration.admin().port()).isEqualTo(2);
    assertThat(configuration.management().port()).isEqualTo(1);
  }

  @Test
  void theEnvironmentMayNameAFile() throws Refusal, IOException {
    Path secret = folder.resolve("password");
    Files.writeString(secret, "hunter2\n");
    Configuration configuration =
        Configuration.read(
            Optional.empty(), Map.of("SYMBOLON_REDIS_PASSWORD_FILE", secret.toString()), NONE);
    assertThat(configuration.redis().password().orElseThrow().reveal()).isEqualTo("hunter2");
  }

  @Test
  void aRingsFileInTheEnvironmentStaysInSight() throws Refusal, IOException {
    Path ring = Files.writeString(folder.resolve("ring"), "");
    Configuration configuration =
        Configuration.read(
            Optional.empty(), Map.of("SYMBOLON_KEYS_RING_FILE", ring.toString()), NONE);
    assertThat(configuration.keys().file()).contains(ring.toAbsolutePath());
    assertThat(configuration.keys().ring()).isEmpty();
  }

  @Test
  void theEnvironmentNamesIssuersInItsOwnSpelling() throws Refusal {
    Configuration configuration =
        Configuration.read(
            Optional.empty(),
            Map.of(
                "SYMBOLON_ISSUERS_MAIN_ID_ISSUER", "https://id.example",
                "SYMBOLON_ISSUERS_MAIN_ID_JWKS", "https://id.example/jwks",
                "SYMBOLON_ISSUERS_MAIN_ID_CLIENT_CLASS", "native"),
            NONE);
    assertThat(configuration.issuers())
        .extracting(IssuerConfig::name, IssuerConfig::clientClass)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("main-id", "native"));
  }

  @ParameterizedTest
  @CsvSource({
    "public.prot, public.port",
    "cookie.samesite, cookie.sameSite",
    "redis.ndoes, redis.nodes",
    "issuers.main.isuer, issuers.main.issuer",
    "tenants.acme.timeouts.idel, tenants.acme.timeouts.idle",
  })
  void anUnknownSettingIsRefusedAndTheNearestSuggested(String slip, String meant) {
    assertThatThrownBy(() -> flags(Map.of(slip, "1")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(slip + ": no such setting; did you mean " + meant + "?")
        .hasMessageContaining("--set " + slip);
  }

  @Test
  void anUnknownVariableIsRefusedAndTheNearestSuggested() {
    assertThatThrownBy(
            () -> Configuration.read(Optional.empty(), Map.of("SYMBOLON_PUBLIC_PROT", "1"), NONE))
        .hasMessageContaining("did you mean SYMBOLON_PUBLIC_PORT?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public.port | 70000 | 0 to 65535",
        "public.port | many | whole number",
        "timeouts.idle | 5 | number with a unit",
        "rotation.age | 999ms | 1s to 400d",
        "rotation.age | 401d | 1s to 400d",
        "rotation.overlap | 601s | 0s to 10m",
        "rotation.onReuse | ignore | one of report, revoke-session, revoke-subject",
        "rotation.onDifference | x | one of audit, refuse",
        "tenants.a.rotation.age | 0s | 1s to 400d",
        "routes.a.maxAge | 5m | routes.a.path: needed",
        "routes.a.path | admin | a path of plain segments",
        "routes.a.path | /a/../b | a path of plain segments",
        "routes.a.path | /a//b | a path of plain segments",
        "routes.a.path | /a%2fb | a path of plain segments",
        "routes.a.path | /a;b | a path of plain segments",
        "routes.a.path | /a | routes.a.maxAge: needed: it, acr, csrf or staleAllow",
        "routes.a.path | / | trust.addresses: needed with routes",
        "routes.a.host | a.example:443 | one host without a port",
        "routes.a.maxAge | 999ms | 1s or more",
        "routes.a.acr | loa2 | acr.order needed",
        "routes.a.csrf | yes | true or false",
        "routes.a.staleAllow | 61m | 1s to 1h",
        "routes.a.staleAllow | 999ms | 1s to 1h",
        "acr.order | 'a,b,a' | each class once",
        "acr.order | a\"b | without quotes",
        "tenants.a.rotation.overlap | 16m | 0s to 10m",
        "tenants.a.rotation.onReuse | x | one of report",
        "gateways.ngnix.rotate | off | did you mean nginx?",
        "gateways.nginx.rotate | on | one of cookie, off",
        "gateways.ngnix.audience | app | did you mean nginx?",
        "gateways.nginx.audience | app | trust.addresses: needed for audiences",
        "gateways.nginx.audience | a b | visible ASCII",
        "gateways.direct.audience | app | for gateways alone",
        "apps.wiki.audience | app | apps.wiki.host: needed",
        "apps.wiki.host | wiki.example:443 | one host without a port",
        "cookie.persistent | yes | true or false",
        "trust.addresses | , | name the gateways'",
        "trust.fingerprint | X-JA4 | trust.addresses: needed with trust.fingerprint",
        "trust.fingerprint | 'X JA4' | a field's name needed",
        "signals.network | on | one of off, observe, step-up, enforce",
        "signals.fingerprint | observe | trust.fingerprint needed",
        "signals.asn | observe | geo.asn needed",
        "signals.travelTime | 30s | 1m to 24h needed",
        "signals.fanOutWindow | 25h | 1m to 24h needed",
        "signals.fanOutNetworks | 21 | 2",
        "tenants.a.signals.country | step-up | geo.country needed",
        "tenants.a.signals.fingerprint | enforce | trust.fingerprint needed",
        "public.host | 0.0.0.0 | loopback needed with the embedded Redis",
        "admin.host | 0.0.0.0 | admin.tls.certificate: needed beyond loopback",
        "public.tls.key | k.pem | certificate and key go together",
        "cookie.sameSite | lax | none of",
        "cookie.name | sid | __Host- needed",
        "cookie.name | a b | HTTP token",
        "cookie.secure | false | true needed",
        "cookie.domain | .example.org | a domain in small letters",
        "cookie.domain | org | a domain in small letters",
        "cookie.domain | 10.0.0.1 | a domain in small letters",
        "dbsc.origin | https://login.example.org | cookie.domain: needed with dbsc.origin",
        "dbsc.site | https://example.org | dbsc.origin: needed with dbsc.site",
        "redis.mode | sentinels | one of embedded, standalone, sentinel, cluster",
        "redis.mode | standalone | redis.nodes: needed",
        "redis.nodes | redis.example:6379 | plaintext beyond loopback",
        "redis.nodes | 127.0.0.1 | host:port needed",
        "redis.startTimeout | 11m | 0s to 10m needed",
        "redis.nodes | 127.0.0.1:6379 | keys.file: needed",
        "keys.file | none.txt | no readable file at none.txt",
        "public.tls.certificate | none.pem | no readable file",
        "issuers.a.jwks | none.json | no readable file",
        "timeouts.preset | aal4 | one of aal1, aal2, aal3",
        "logout.clearSiteData | cookies | none of",
        "origins | app.example | https://host",
        "origins | https://app.example/ | https://host",
        "issuers.a.issuer | https://a | issuers.a.jwks: needed",
        "issuers.a.jwks | http://a/jwks | https needed",
        "issuers.a.algorithms | HS256 | none of",
        "issuers.a.tenant | a b | 1 to 64 characters",
        "services.a.scopes | issue | services.a.secretSha256: needed",
        "services.a.secretSha256 | abc | 64 hex digits",
        "services.a.scopes | all | none of",
        "services.a.roles | chief | none of",
        "services.a.roles | viewer | mean nothing without the scope admin",
        "operators.a.roles | viewer | operators.a.certificate: needed",
        "operators.a.roles | chief | none of",
        "operators.a.certificate | dns:a | operators.a.roles: needed",
        "operators.a.certificate | dns:a | admin.tls.clientCa: needed",
        "operators.a.certificate | anna | email:, dns: or uri:",
        "operators.a.certificate | subject:anna | email:, dns: or uri:",
        "admin.tls.clientCa | none.pem | no readable file",
        "limit.max | 0 | 1 to 1000",
        "limit.whenReached | drop | one of reject, evict-oldest, evict-least-used",
        "log.level | loud | one of error, warn, info, debug",
      })
  void refusesAndNamesTheFieldAndTheMend(String key, String value, String words) {
    assertThatThrownBy(() -> flags(Map.of(key, value)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(words);
  }

  @Test
  void whatATransmitterSaysHoldsWhereTheIssuersOfItsSubjectsAre() throws Exception {
    Map<String, String> settings = new HashMap<>();
    Path jwks = Files.writeString(folder.resolve("keys.json"), "{}");
    settings.put("issuers.main.issuer", "https://main");
    settings.put("issuers.main.jwks", jwks.toString());
    settings.put("issuers.main.tenant", "blue");
    settings.put("events.idp.issuer", "https://idp");
    settings.put("events.idp.jwks", jwks.toString());
    settings.put("events.idp.audience", "https://app");
    assertThat(flags(settings).events().getFirst().tenants()).containsExactly("default");
    settings.put("events.idp.subjects", "https://main");
    assertThat(flags(settings).events().getFirst().tenants()).containsExactly("blue");
    settings.put("events.idp.tenants", "blue,green");
    assertThat(flags(settings).events().getFirst().tenants()).containsExactly("blue", "green");
    settings.put("events.idp.tenants", "green");
    assertThatThrownBy(() -> flags(settings))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(
            "events.idp.tenants: none of them is of https://main, whose subjects are of [blue]");
  }

  @Test
  void anOverlapBeyondTheAgeIsRefusedWhereverTheTwoMeet() throws Refusal {
    assertThatThrownBy(() -> flags(Map.of("rotation.age", "5s", "rotation.overlap", "6s")))
        .hasMessageContaining("rotation.overlap: an overlap of at most the age needed");
    assertThatThrownBy(
            () -> flags(Map.of("rotation.overlap", "1m", "tenants.a.rotation.age", "59s")))
        .hasMessageContaining("tenants.a.rotation.age: an overlap of at most the age needed");
    assertThatThrownBy(
            () -> flags(Map.of("rotation.age", "5s", "tenants.a.rotation.overlap", "6s")))
        .hasMessageContaining("tenants.a.rotation.overlap: an overlap of at most the age needed");
    assertThat(flags(Map.of("rotation.age", "5s")).policy().base().rotation().overlap()).isEmpty();
  }

  @Test
  void aThirdAssuranceLevelBeyondTwelveHoursIsRefused() throws Refusal {
    assertThatThrownBy(() -> flags(Map.of("timeouts.preset", "aal3", "timeouts.absolute", "13h")))
        .hasMessageContaining("timeouts.absolute: NIST SP 800-63B-4 allows aal3 at most 12h");
    assertThat(flags(Map.of("timeouts.preset", "aal3", "timeouts.absolute", "12h")).warnings())
        .isEmpty();
    assertThat(flags(Map.of("timeouts.preset", "aal2", "timeouts.absolute", "25h")).warnings())
        .hasSize(1);
  }

  @Test
  void aDevelopmentCookieStaysOnLoopback() throws Refusal {
    Map<String, String> weak =
        Map.of("profile", "development", "cookie.name", "sid", "cookie.secure", "false");
    assertThat(flags(weak).cookie().secure()).isFalse();
    Map<String, String> beyond = new java.util.HashMap<>(weak);
    beyond.put("public.host", "0.0.0.0");
    assertThatThrownBy(() -> flags(beyond))
        .hasMessageContaining("public.host: loopback needed in the development profile");
  }

  @Test
  void aCookieOfADomainIsNamedSecure() throws Refusal {
    Map<String, String> shared = new java.util.HashMap<>(Map.of("cookie.domain", "example.org"));
    assertThat(flags(shared).cookie())
        .isEqualTo(
            new CookieConfig("__Secure-sid", "Lax", true, false, Optional.of("example.org")));
    shared.put("cookie.name", "sid");
    assertThatThrownBy(() -> flags(shared))
        .hasMessageContaining("cookie.name: the prefix __Secure- needed");
    shared.put("cookie.name", "__Host-sid");
    assertThatThrownBy(() -> flags(shared))
        .hasMessageContaining("cookie.name: browsers refuse a __Host- cookie with a Domain");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dbsc.origin | | dbsc.origin: needed with cookie.domain and binding.dbsc",
        "dbsc.origin | http://login.apps.example.org | dbsc.origin: https://host",
        "dbsc.origin | https://login.apps.example.org/ | dbsc.origin: https://host",
        "dbsc.origin | https://login.apps.example.org:443 | dbsc.origin: https://host",
        "dbsc.origin | https://login.example.org | dbsc.origin: a host of cookie.domain",
        "dbsc.origin | https://xapps.example.org | dbsc.origin: a host of cookie.domain",
        "dbsc.site | example.org | dbsc.site: https://host",
        "dbsc.site | https://login.apps.example.org | dbsc.site: cookie.domain or a domain above",
        "dbsc.site | https://example.org:8443 | dbsc.site: the port of dbsc.origin",
      })
  void aSiteThatCannotBindIsRefused(String key, String value, String words) throws Refusal {
    Map<String, String> site =
        new java.util.HashMap<>(
            Map.of(
                "cookie.domain",
                "apps.example.org",
                "tenants.acme.binding.dbsc",
                "observe",
                "dbsc.origin",
                "https://login.apps.example.org"));
    assertThat(flags(site).site())
        .contains(new SiteConfig("https://login.apps.example.org", "https://apps.example.org"));
    site.put(key, value == null ? "" : value);
    assertThatThrownBy(() -> flags(site)).hasMessageContaining(words);
  }

  @Test
  void aSiteMayReachBeyondItsCookiesAndOnAnotherPort() throws Refusal {
    Map<String, String> site =
        Map.of(
            "cookie.domain", "apps.example.org",
            "binding.dbsc", "enforce",
            "dbsc.origin", "https://apps.example.org:8443",
            "dbsc.site", "https://example.org:8443");
    assertThat(flags(site).site())
        .contains(new SiteConfig("https://apps.example.org:8443", "https://example.org:8443"));
    assertThat(flags(Map.of("cookie.domain", "example.org", "binding.dbsc", "off")).site())
        .isEmpty();
  }

  @Test
  void tellsAllFaultsAtOnce() {
    assertThatThrownBy(() -> flags(Map.of("public.port", "x", "admin.port", "y", "nothing", "1")))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.faults()).hasSize(3));
  }

  @Test
  void brokenYamlIsAFaultAndNotAStackTrace() {
    assertThatThrownBy(() -> yaml("a: [")).isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> yaml("public: {port: 1}\npublic: {port: 2}\n"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("duplicate");
    assertThatThrownBy(
            () -> Configuration.read(Optional.of(folder.resolve("none.yaml")), NONE, NONE))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("can't be read");
  }

  @Test
  void clientCertificatesNeedAuthoritiesATlsListenerAndAGatewayToTellOfThem() throws Exception {
    Files.createFile(folder.resolve("ca.pem"));
    assertThatThrownBy(() -> flags(Map.of("public.tls.clientAuth", "required")))
        .hasMessageContaining("public.tls.clientCa: needed with clientAuth");
    assertThatThrownBy(() -> flags(Map.of("public.tls.clientAuth", "maybe")))
        .hasMessageContaining("one of off, request, required needed");
    assertThatThrownBy(
            () -> flags(Map.of("public.tls.clientCa", folder.resolve("ca.pem").toString())))
        .hasMessageContaining("public.tls.clientAuth: request or required needed")
        .hasMessageContaining("public.tls.certificate: needed with clientCa");
    assertThatThrownBy(() -> flags(Map.of("trust.clientCert", "true")))
        .hasMessageContaining("trust.addresses: needed with clientCert");
  }
}
