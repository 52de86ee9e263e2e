package org.symbolon.config;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * For which applications assertions are signed: their audiences.
 *
 * @param ofHosts by an application's host, in lower case
 * @param ofGateways by gateway profile, where the host is none of those
 */
public record AppsConfig(Map<String, String> ofHosts, Map<String, String> ofGateways) {
  private static final Pattern AUDIENCE = Pattern.compile("[!-~]{1,255}");

  public AppsConfig {
    ofHosts = Map.copyOf(ofHosts);
    ofGateways = Map.copyOf(ofGateways);
  }

  static AppsConfig read(Settings settings) {
    Map<String, String> ofHosts = new TreeMap<>();
    for (String name : settings.names("apps")) {
      String key = "apps." + name + ".";
      settings.require(key + "host", "the application's host, as in app.example");
      String host = settings.text(key + "host").toLowerCase(Locale.ROOT);
      if (!host.isEmpty() && !RouteConfig.HOST.matcher(host).matches()) {
        settings.fault(key + "host", "one host without a port needed, as in app.example");
      }
      String audience = settings.find(key + "audience").orElse("https://" + host);
      judge(settings, key + "audience", audience);
      if (ofHosts.put(host, audience) != null) {
        settings.fault(key + "host", "another application has this host; name each once");
      }
    }
    Map<String, String> ofGateways = new TreeMap<>();
    for (String name : settings.names("gateways")) {
      String key = "gateways." + name + ".audience";
      settings
          .find(key)
          .ifPresent(
              audience -> {
                if (name.equals("direct")) {
                  settings.fault(key, "leave it out: assertions are for gateways alone");
                }
                judge(settings, key, audience);
                ofGateways.put(name, audience);
              });
    }
    return new AppsConfig(ofHosts, ofGateways);
  }

  private static void judge(Settings settings, String key, String audience) {
    if (!AUDIENCE.matcher(audience).matches()) {
      settings.fault(key, "1 to 255 visible ASCII characters needed");
    }
  }

  boolean isEmpty() {
    return ofHosts.isEmpty() && ofGateways.isEmpty();
  }
}
