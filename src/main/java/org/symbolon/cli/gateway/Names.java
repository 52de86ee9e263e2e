package org.symbolon.cli.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What differs between two deployments of one recipe. */
final class Names {
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,253}):[0-9]{1,5}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final Pattern LISTEN =
      Pattern.compile("(\\*|\\[[0-9A-Fa-f:.]{2,45}]|[0-9.]{7,15}):[0-9]{1,5}");
  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._/@+-]*");
  private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  @Option(
      names = "--symbolon",
      paramLabel = "HOST:PORT",
      defaultValue = "symbolon.internal:8080",
      description = "Symbolon's public listener, as the gateway reaches it; ${DEFAULT-VALUE}.")
  private String symbolon = "";

  @Option(
      names = "--app",
      paramLabel = "HOST:PORT",
      defaultValue = "app.internal:8000",
      description = "The application behind the gateway; ${DEFAULT-VALUE}.")
  private String app = "";

  @Option(
      names = "--host",
      paramLabel = "NAME",
      defaultValue = "app.example",
      description = "The site's name; ${DEFAULT-VALUE}.")
  private String host = "";

  @Option(
      names = "--https",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "*:443",
      description = "Where the gateway listens for TLS; ${DEFAULT-VALUE}.")
  private String https = "";

  @Option(
      names = "--http",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "*:80",
      description = "Where it sends plaintext on to TLS; ${DEFAULT-VALUE}.")
  private String http = "";

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      defaultValue = "/etc/symbolon/tls/certificate.pem",
      description = "The certificate chain (for HAProxy with its key in it); ${DEFAULT-VALUE}.")
  private String certificate = "";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      defaultValue = "/etc/symbolon/tls/key.pem",
      description = "The certificate's key; ${DEFAULT-VALUE}.")
  private String key = "";

  @Option(
      names = "--cookie",
      paramLabel = "NAME",
      defaultValue = "__Host-sid",
      description = "The session cookie's name; ${DEFAULT-VALUE}.")
  private String cookie = "";

  /** Where the recipe's further files lie. */
  private String folder = "/etc/symbolon";

  /** What can't stand in a configuration, each as option and mend. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    hold(faults, "--symbolon", symbolon, AUTHORITY, "host:port needed");
    hold(faults, "--app", app, AUTHORITY, "host:port needed");
    hold(faults, "--host", host, HOST, "a host's name needed");
    hold(faults, "--https", https, LISTEN, "address:port needed, the address * for any");
    hold(faults, "--http", http, LISTEN, "address:port needed, the address * for any");
    hold(faults, "--certificate", certificate, PATH, "an absolute path without spaces needed");
    hold(faults, "--key", key, PATH, "an absolute path without spaces needed");
    hold(faults, "--to", folder, PATH, "an absolute path without spaces needed");
    hold(faults, "--cookie", cookie, COOKIE, "1 to 64 characters of A-Z a-z 0-9 _ - needed");
    return faults;
  }

  private static void hold(
      List<String> faults, String option, String value, Pattern shape, String mend) {
    if (!shape.matcher(value).matches()) {
      faults.add(option + ": " + mend);
    }
  }

  void liesIn(String path) {
    folder = path;
  }

  /** A recipe's text with these names. */
  String in(String text) {
    return text.replace("symbolon.internal:8080", symbolon)
        .replace("app.internal:8000", app)
        .replace("app.example:443", host + port(https))
        .replace("app.example:80", host + port(http))
        .replace("app.example", host)
        .replace("bind [::]", "bind " + (https.startsWith("*") ? "[::]" : address(https)))
        .replace("*:443", https)
        .replace("*:80", http)
        .replace("/etc/symbolon/tls/certificate.pem", certificate)
        .replace("/etc/symbolon/tls/key.pem", key)
        .replace("/etc/symbolon/", folder.endsWith("/") ? folder : folder + "/")
        .replace("__Host-sid", cookie);
  }

  private static String address(String listen) {
    return listen.substring(0, listen.lastIndexOf(':'));
  }

  private static String port(String listen) {
    return listen.substring(listen.lastIndexOf(':'));
  }
}
