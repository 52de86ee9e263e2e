package org.symbolon.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * All that is set, judged as a whole.
 *
 * @param gateways addresses or CIDR blocks whose forwarded headers and plaintext are accepted
 * @param fingerprint the field in which they tell of their client's TLS handshake
 * @param clientCert whether they tell of their clients' certificates
 * @param geo files that tell of addresses
 * @param privacy what is kept of people
 * @param refusalsKept how long counts of what enforcing would refuse are kept
 * @param rotate by gateway profile, where anything is set
 * @param acrOrder authentication context classes from the weakest to the strongest
 * @param origins further origins that may log in and out
 * @param site where browsers prove keys for all hosts of the cookies' domain
 * @param warnings what an operator should know of and may leave
 */
public record Configuration(
    Profile profile,
    ListenerConfig publicListener,
    Optional<ListenerConfig> grpc,
    ListenerConfig admin,
    ListenerConfig management,
    Duration drainDelay,
    List<String> gateways,
    Optional<String> fingerprint,
    boolean clientCert,
    GeoConfig geo,
    PrivacyConfig privacy,
    Duration refusalsKept,
    SortedMap<String, GatewayConfig.Rotate> rotate,
    AppsConfig apps,
    List<String> acrOrder,
    List<RouteConfig> routes,
    List<String> origins,
    CookieConfig cookie,
    Optional<SiteConfig> site,
    String clearSiteData,
    RedisConfig redis,
    RevocationConfig revocation,
    NearCacheConfig nearCache,
    CampaignConfig campaigns,
    KeysConfig keys,
    Assertions assertions,
    List<IssuerConfig> issuers,
    List<EventsConfig> events,
    List<WebhookConfig> webhooks,
    List<StreamConfig> streams,
    List<ServiceConfig> services,
    List<OperatorConfig> operators,
    PolicyConfig policy,
    Audit audit,
    Log log,
    List<String> warnings) {

  /** How much may be given away for convenience: nothing, or what loopback contains. */
  public enum Profile {
    PRODUCTION,
    DEVELOPMENT
  }

  /** What holds for the assertions of every issuer. */
  public record Assertions(String audience, Duration maxAge, boolean privateJwksAddresses) {}

  /** Where audit events go beside the Redis stream. */
  public record Audit(Optional<Path> file, int length) {}

  /** What is logged and how. */
  public record Log(Level level, Format format) {
    /** From the fewest lines to the most. */
    public enum Level {
      ERROR,
      WARN,
      INFO,
      DEBUG
    }

    /** JSON lines in the Elastic Common Schema, or text for people. */
    public enum Format {
      ECS,
      TEXT
    }
  }

  /**
   * Reads everything.
   *
   * @param file the YAML file, if there is one; relative paths in settings start at its folder
   * @param flags settings by dotted name
   * @throws Refusal with all faults at once
   */
  public static Configuration read(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags)
      throws Refusal {
    List<Refusal.Fault> faults = new ArrayList<>();
    Sources sources = new Sources(faults);
    file.ifPresent(sources::yaml);
    sources.environment(environment);
    sources.flags(flags);
    Path base =
        file.flatMap(f -> Optional.ofNullable(f.toAbsolutePath().getParent())).orElse(Path.of(""));
    Configuration configuration = read(new Settings(sources.values(), faults), base);
    if (!faults.isEmpty()) {
      throw new Refusal(faults);
    }
    return configuration;
  }

  private static Configuration read(Settings settings, Path base) {
    List<String> warnings = new ArrayList<>();
    Profile profile = settings.choice("profile", Profile.class).orElse(Profile.PRODUCTION);
    RedisConfig redis = RedisConfig.read(settings, base);
    List<String> acrOrder = RouteConfig.readOrder(settings);
    CookieConfig cookie = CookieConfig.read(settings, profile);
    PolicyConfig policy = PolicyConfig.read(settings, warnings::add);
    List<IssuerConfig> issuers = IssuerConfig.read(settings, base);
    List<ServiceConfig> services = ServiceConfig.read(settings, base);
    Configuration configuration =
        new Configuration(
            profile,
            ListenerConfig.readPublic(settings, base),
            ListenerConfig.readOptional("grpc", settings, base),
            ListenerConfig.readWithClients("admin", settings, base),
            ListenerConfig.readPlaintext("management", settings),
            drainDelay(settings, redis),
            settings.texts("trust.addresses"),
            SignalsConfig.fingerprintField(settings),
            settings.flag("trust.clientCert"),
            GeoConfig.read(settings, base),
            PrivacyConfig.read(settings),
            SignalsConfig.kept(settings),
            GatewayConfig.read(settings),
            AppsConfig.read(settings),
            acrOrder,
            RouteConfig.read(settings, acrOrder),
            origins(settings),
            cookie,
            SiteConfig.read(settings, cookie, policy),
            settings.text("logout.clearSiteData"),
            redis,
            RevocationConfig.read(settings, base, redis),
            NearCacheConfig.read(settings),
            CampaignConfig.read(settings, base, redis),
            KeysConfig.read(settings, base, redis),
            new Assertions(
                settings.text("audience"),
                settings.duration("assertion.maxAge").orElse(Duration.ofMinutes(5)),
                settings.flag("jwks.privateAddresses")),
            issuers,
            EventsConfig.read(settings, base, issuers),
            WebhookConfig.read(settings),
            StreamConfig.read(settings, services),
            services,
            OperatorConfig.read(settings),
            policy,
            new Audit(
                settings
                    .path("audit.file", base)
                    .or(() -> isTrial(redis) ? Optional.of(trialAudit(redis)) : Optional.empty()),
                settings.integer("audit.length", 1, Integer.MAX_VALUE, 100_000)),
            new Log(
                settings.choice("log.level", Log.Level.class).orElse(Log.Level.INFO),
                settings
                    .choice("log.format", Log.Format.class)
                    .orElse(isTrial(redis) ? Log.Format.TEXT : Log.Format.ECS)),
            warnings);
    configuration.judge(settings);
    return configuration;
  }

  private static Duration drainDelay(Settings settings, RedisConfig redis) {
    Duration delay =
        settings
            .duration("drain.delay")
            .orElse(isTrial(redis) ? Duration.ZERO : Duration.ofSeconds(3));
    if (delay.compareTo(Duration.ofMinutes(5)) > 0) {
      settings.fault("drain.delay", "0s to 5m needed");
    }
    return delay;
  }

  private static List<String> origins(Settings settings) {
    for (String origin : settings.texts("origins")) {
      if (!isOrigin(origin)) {
        settings.fault("origins", "https://host or https://host:port needed, not " + origin);
      }
    }
    return settings.texts("origins");
  }

  private static boolean isOrigin(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getHost() != null
          && Set.of("http", "https").contains(uri.getScheme())
          && text.equals(uri.getScheme() + "://" + uri.getAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void judge(Settings settings) {
    settings.within("logout.clearSiteData", Set.of("none", "storage", "all"));
    if (settings.isSet("trust.addresses") && gateways.isEmpty()) {
      settings.fault("trust.addresses", "name the gateways' addresses, or leave it out");
    }
    if (clientCert && gateways.isEmpty()) {
      settings.fault(
          "trust.addresses", "needed with clientCert: the gateways that tell of certificates");
    }
    if (!routes.isEmpty() && gateways.isEmpty()) {
      settings.fault(
          "trust.addresses", "needed with routes: only of a trusted gateway is a path believed");
    }
    if (!apps.isEmpty() && gateways.isEmpty()) {
      settings.fault(
          "trust.addresses", "needed for audiences: only a trusted gateway gets assertions");
    }
    if (profile == Profile.DEVELOPMENT && !publicListener.isLoopback()) {
      settings.fault("public.host", "loopback needed in the development profile");
    }
    if (isTrial() && !publicListener.isLoopback()) {
      settings.fault(
          "public.host",
          "loopback needed with the embedded Redis; set redis.mode and redis.nodes to go beyond");
    }
    if (!publicListener.isLoopback() && publicListener.tls().isEmpty() && gateways.isEmpty()) {
      settings.fault(
          "public.tls.certificate",
          "needed beyond loopback, or trust.addresses for gateways that speak plaintext");
    }
    if (grpc.filter(g -> !g.isLoopback() && g.tls().isEmpty()).isPresent() && gateways.isEmpty()) {
      settings.fault(
          "grpc.tls.certificate",
          "needed beyond loopback, or trust.addresses for gateways that speak plaintext");
    }
    if (!admin.isLoopback() && admin.tls().isEmpty()) {
      settings.fault("admin.tls.certificate", "needed beyond loopback");
    }
    if (!isTrial() && issuers.isEmpty() && services.isEmpty()) {
      settings.fault("issuers", "needed: an issuer or a service, or nobody can log in");
    }
  }

  /** True where the service runs for trying out: an embedded Redis, and an issuer for the demo. */
  public boolean isTrial() {
    return isTrial(redis);
  }

  private static Path trialAudit(RedisConfig redis) {
    return redis.directory().resolve("audit.jsonl");
  }

  private static boolean isTrial(RedisConfig redis) {
    return redis.mode() == RedisConfig.Mode.EMBEDDED;
  }
}
