package org.symbolon.gateways;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.symbolon.cli.NoRings;
import org.symbolon.cli.Symbolon;
import org.symbolon.redis.RedisServers;

/**
 * A gateway's daemon from the system's package over a recipe as {@code symbolon gateway render}
 * writes it, or over one that was broken on purpose.
 */
final class RunningGateway implements AutoCloseable {
  static final String HOST = "localhost";

  private final Process process;
  private final String host;
  private final int https;
  private final int http;

  private RunningGateway(Process process, String host, int https, int http) {
    this.process = process;
    this.host = host;
    this.https = https;
    this.http = http;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** The daemons there are, and how each is told to run in the foreground over a folder. */
  enum Daemon {
    NGINX {
      @Override
      List<String> command(Path folder) throws IOException {
        Files.writeString(
            folder.resolve("nginx.conf"),
            """
            daemon off;
            %s
            worker_processes 2;
            pid nginx.pid;
            error_log error.log warn;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                include symbolon.conf;
            }
            """
                .formatted(System.getProperty("user.name").equals("root") ? "user root;" : ""));
        return List.of(
            "nginx", "-p", folder.toString(), "-c", "nginx.conf", "-e", folder + "/error.log");
      }
    },
    CADDY {
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
            		level WARN
            	}
            }
            import symbolon.caddyfile
            """);
        return List.of("caddy", "run", "--config", frame.toString());
      }
    },
    HAPROXY {
      @Override
      List<String> command(Path folder) {
        return List.of("haproxy", "-db", "-f", folder + "/symbolon.cfg");
      }
    },
    APACHE {
      @Override
      List<String> command(Path folder) throws IOException {
        StringBuilder frame = new StringBuilder("ServerRoot /usr/lib/apache2\n");
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
          frame.append("LoadModule %1$s_module modules/mod_%1$s.so\n".formatted(module));
        }
        String root =
            System.getProperty("user.name").equals("root") ? "User www-data\nGroup www-data\n" : "";
        Path file = folder.resolve("apache.conf");
        Files.writeString(
            file,
            frame
                + root
                + """
                DefaultRuntimeDir %1$s
                PidFile %1$s/pid
                ErrorLog %1$s/error.log
                LogLevel warn
                ServerName localhost
                StartServers 2
                ThreadsPerChild 16
                MaxRequestWorkers 32
                Include %1$s/symbolon.conf
                """
                    .formatted(folder));
        return List.of("apache2", "-DFOREGROUND", "-f", file.toString());
      }
    };

    abstract List<String> command(Path folder) throws IOException;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Starts one on free ports.
   *
   * @param change what is done to each of the recipe's files, by name and text
   */
  static RunningGateway start(Daemon daemon, Stage stage, UnaryOperator<String> change)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectory(stage.folder().resolve(daemon.text() + freePort()));
    int https = freePort();
    int http = freePort();
    List<String> names =
        List.of(
            "--symbolon=127.0.0.1:" + stage.wiretap().port(),
            "--app=127.0.0.1:" + stage.app().port(),
            "--host=" + stage.host(),
            "--https=127.0.0.1:" + https,
            "--http=127.0.0.1:" + http,
            "--certificate=" + (daemon == Daemon.HAPROXY ? stage.combined() : stage.certificate()),
            "--key=" + stage.key());
    // Daemons that root starts read their scripts as somebody else.
    Files.setPosixFilePermissions(stage.folder(), PosixFilePermissions.fromString("rwx--x--x"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    render(daemon, folder, names);
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.writeString(file, change.apply(Files.readString(file)));
      }
    }
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(onPath(daemon.command(folder)))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(Map.of("HOME", folder.toString(), "XDG_DATA_HOME", folder + "/d"));
    Process process = builder.start();
    RunningGateway gateway = new RunningGateway(process, stage.host(), https, http);
    try {
      RedisServers.await(() -> !process.isAlive() || (isOpen(https) && isOpen(http)));
    } catch (AssertionError e) {
      gateway.close();
      throw new AssertionError(Files.readString(output), e);
    }
    if (!process.isAlive()) {
      throw new AssertionError(daemon + " ended: " + Files.readString(output) + errors(folder));
    }
    return gateway;
  }

  private static String errors(Path folder) throws IOException {
    Path log = folder.resolve("error.log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  private static void render(Daemon daemon, Path folder, List<String> names) {
    StringWriter said = new StringWriter();
    List<String> arguments =
        new ArrayList<>(List.of("gateway", "render", daemon.text(), "--to=" + folder));
    arguments.addAll(names);
    int code =
        Symbolon.commandLine(Map.of(), (_, _) -> {}, new NoRings())
            .setErr(new PrintWriter(said, true))
            .execute(arguments.toArray(String[]::new));
    if (code != 0) {
      throw new AssertionError(said.toString());
    }
  }

  /** Debian keeps daemons where only root's path leads. */
  private static List<String> onPath(List<String> command) {
    List<String> whole = new ArrayList<>(command);
    for (String folder : List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")) {
      Path binary = Path.of(folder, command.getFirst());
      if (Files.isExecutable(binary)) {
        whole.set(0, binary.toString());
        return whole;
      }
    }
    throw new AssertionError(command.getFirst() + " is missing; .ci/run installs it");
  }

  private static boolean isOpen(int port) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static int freePort() throws IOException {
    // Caddy listens for HTTP/3 as well, by UDP on the same port.
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        DatagramSocket _ =
            new DatagramSocket(socket.getLocalPort(), InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (BindException e) {
      return freePort();
    }
  }

  /** A client of the site. */
  Visitor visitor() {
    return new Visitor(host, https, true);
  }

  /** The port of its plaintext. */
  int http() {
    return http;
  }

  /** A client of its plaintext port. */
  Visitor plaintext() {
    return new Visitor(host, http, false);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
