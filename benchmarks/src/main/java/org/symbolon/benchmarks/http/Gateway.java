package org.symbolon.benchmarks.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway's daemon over Symbolon's recipe, with the question and without. */
enum Gateway {
  NGINX("symbolon.conf", "auth_request /_session;", "") {
    @Override
    List<String> command(Path folder) throws IOException {
      Files.writeString(
          folder.resolve("nginx.conf"),
          """
          daemon off;
          %s
          worker_processes 1;
          pid nginx.pid;
          events { worker_connections 1024; }
          http {
              access_log off;
              keepalive_requests 1000000;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              include symbolon.conf;
          }
          """
              .formatted(isRoot() ? "user root;" : ""));
      return List.of(
          "nginx", "-p", folder.toString(), "-c", "nginx.conf", "-e", folder + "/error.log");
    }
  },
  CADDY(
      "symbolon.caddyfile",
      "(?s)# The question\\..*?\\n\\t\\t\\t}\\n(?=\\n\\t\\t\\treverse_proxy )",
      "") {
    @Override
    List<String> command(Path folder) throws IOException {
      Path frame = folder.resolve("Caddyfile");
      Files.writeString(
          frame,
          """
          {
          	admin off
          	auto_https off
          	default_sni localhost
          	log {
          		level ERROR
          	}
          }
          import symbolon.caddyfile
          """);
      return List.of("caddy", "run", "--config", frame.toString());
    }
  },
  HAPROXY(
      "symbolon.cfg",
      "http-request lua.session_validate",
      "http-request set-var(txn.session_status) str(200)") {
    @Override
    List<String> command(Path folder) {
      return List.of("haproxy", "-db", "-f", folder + "/symbolon.cfg");
    }
  },
  APACHE("symbolon.conf", "LuaHookAccessChecker .*", "") {
    @Override
    List<String> command(Path folder) throws IOException {
      Path file = folder.resolve("apache.conf");
      Files.writeString(
          file,
          """
          ServerRoot /usr/lib/apache2
          %1$s
          %3$s
          DefaultRuntimeDir %2$s
          PidFile %2$s/pid
          ErrorLog %2$s/error.log
          LogLevel warn
          ServerName localhost
          MaxKeepAliveRequests 0
          StartServers 2
          ThreadsPerChild 32
          MaxRequestWorkers 64
          Include %2$s/symbolon.conf
          """
              .formatted(modules(), folder, isRoot() ? "User www-data\nGroup www-data" : ""));
      return List.of("apache2", "-DFOREGROUND", "-f", file.toString());
    }
  };

  private final String file;
  private final Pattern question;
  private final String instead;

  Gateway(String file, String question, String instead) {
    this.file = file;
    this.question = Pattern.compile(question);
    this.instead = instead;
  }

  abstract List<String> command(Path folder) throws IOException;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What all gateways are in front of.
   *
   * @param launcher the command {@code symbolon}
   * @param combined chain and key in one file
   */
  record Site(
      Path launcher, Path folder, int symbolon, int app, Path chain, Path key, Path combined) {
    /** Makes a certificate for localhost. */
    static Site of(Path launcher, Path folder, int symbolon, int app)
        throws IOException, InterruptedException {
      Path chain = folder.resolve("site.pem");
      Path key = folder.resolve("site.key");
      run(
          folder,
          List.of(
              "openssl",
              "req",
              "-x509",
              "-newkey",
              "ec",
              "-pkeyopt",
              "ec_paramgen_curve:P-256",
              "-nodes",
              "-days",
              "2",
              "-subj",
              "/CN=localhost",
              "-keyout",
              key.toString(),
              "-out",
              chain.toString()));
      Path combined = folder.resolve("combined.pem");
      Files.writeString(combined, Files.readString(chain) + Files.readString(key));
      return new Site(launcher, folder, symbolon, app, chain, key, combined);
    }
  }

  /** Starts it; with the question it asks Symbolon before each request. */
  Server start(Site site, boolean asks) throws IOException, InterruptedException {
    String name = text() + (asks ? "-asking" : "-alone");
    Path folder = Files.createDirectory(site.folder().resolve(name));
    // Daemons that root starts read their scripts as somebody else.
    Files.setPosixFilePermissions(site.folder(), PosixFilePermissions.fromString("rwx--x--x"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    int https = Server.freePort();
    run(
        folder,
        List.of(
            site.launcher().toString(),
            "gateway",
            "render",
            text(),
            "--to=" + folder,
            "--symbolon=127.0.0.1:" + site.symbolon(),
            "--app=127.0.0.1:" + site.app(),
            "--host=localhost",
            "--https=127.0.0.1:" + https,
            "--http=127.0.0.1:" + Server.freePort(),
            "--certificate=" + (this == HAPROXY ? site.combined() : site.chain()),
            "--key=" + site.key()));
    if (!asks) {
      Path recipe = folder.resolve(file);
      Matcher found = question.matcher(Files.readString(recipe));
      String without = found.replaceFirst(Matcher.quoteReplacement(instead));
      if (without.equals(Files.readString(recipe))) {
        throw new IllegalStateException(recipe + " has no question to take out");
      }
      Files.writeString(recipe, without);
    }
    Server server =
        Server.start(
            name,
            https,
            Map.of("HOME", folder.toString(), "XDG_DATA_HOME", folder + "/data"),
            folder,
            onPath(command(folder)));
    return server.listening();
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static String modules() {
    StringBuilder lines = new StringBuilder();
    for (String module :
        List.of(
            "mpm_event",
            "authz_core",
            "env",
            "headers",
            "alias",
            "lua",
            "proxy",
            "proxy_http",
            "proxy_wstunnel",
            "socache_shmcb",
            "ssl")) {
      lines.append("LoadModule %1$s_module modules/mod_%1$s.so\n".formatted(module));
    }
    return lines.toString();
  }

  /** Debian keeps daemons where only root's path leads. */
  private static List<String> onPath(List<String> command) {
    List<String> whole = new ArrayList<>(command);
    for (String folder : List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")) {
      Path binary = Path.of(folder, command.getFirst());
      if (Files.isExecutable(binary)) {
        whole.set(0, binary.toString());
        break;
      }
    }
    return whole;
  }

  /** The status that a request without a session is answered with. */
  static int statusOf(Server server, Path folder) throws IOException, InterruptedException {
    String address = server.origin() + "/";
    return Integer.parseInt(
        run(folder, List.of("curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", address)));
  }

  private static String run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command.getFirst() + ": " + out);
    }
    return out;
  }
}
