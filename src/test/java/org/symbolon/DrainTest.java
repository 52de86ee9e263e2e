package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.RedisServers;

/**
 * Nodes end one after the other under load, behind an nginx that keeps connections and tries no
 * other node after a failure. What takes a node out of nginx is its readiness, as an orchestrator
 * does.
 */
class DrainTest {
  private static final int CLIENTS = 8;

  @TempDir private Path folder = Path.of("");
  private final AtomicInteger answered = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  @Test
  void noRequestFailsWhileNodesAreReplaced() throws Exception {
    Map<String, String> settings = Map.of("drain.delay", "5s", "redis.timeout", "5s");
    try (RedisServers servers = RedisServers.standalone();
        TestNode first = TestNode.start(servers, folder, settings);
        TestNode second = TestNode.start(servers, folder, settings)) {
      String id = first.login("alice");
      int port = freePort();
      write(port, first, second);
      Process nginx = nginx();
      AtomicBoolean isOver = new AtomicBoolean();
      List<Thread> clients = List.of();
      try {
        RedisServers.await(() -> isOpen(port));
        clients = ask(port, id, isOver::get);
        awaitAnswers(1000);
        replace(first, () -> write(port, second), nginx);
        awaitAnswers(1000);
        try (TestNode third = TestNode.start(servers, folder, settings)) {
          write(port, second, third);
          reload(nginx);
          awaitAnswers(1000);
          replace(second, () -> write(port, third), nginx);
          awaitAnswers(1000);
          isOver.set(true);
          join(clients);
        }
      } finally {
        isOver.set(true);
        join(clients);
        nginx.destroy();
        nginx.waitFor();
      }
      assertThat(failures).isEmpty();
    }
  }

  /** Ends a node, and takes it out of nginx once it says that it isn't ready. */
  private static void replace(TestNode node, Writing without, Process nginx) throws Exception {
    Thread ending = Thread.ofVirtual().start(node.node()::close);
    RedisServers.await(() -> node.management().send("GET", "/readyz", "").statusCode() == 503);
    without.write();
    reload(nginx);
    ending.join();
  }

  @FunctionalInterface
  private interface Writing {
    void write() throws IOException;
  }

  private void awaitAnswers(int more) {
    int enough = answered.get() + more;
    RedisServers.await(() -> answered.get() >= enough);
  }

  /** Clients that ask one after the other; what is not a good session's answer is a failure. */
  private List<Thread> ask(int port, String id, BooleanSupplier isOver) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
            .headers(Client.cookie(id))
            .build();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (HttpClient client = HttpClient.newHttpClient()) {
                      while (!isOver.getAsBoolean()) {
                        askOnce(client, request);
                      }
                    }
                  }));
    }
    return clients;
  }

  private void askOnce(HttpClient client, HttpRequest request) {
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        failures.add(answer.toString());
      }
      answered.incrementAndGet();
    } catch (IOException e) {
      failures.add(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(List<Thread> clients) throws InterruptedException {
    for (Thread client : clients) {
      client.join();
    }
  }

  private void write(int port, TestNode... nodes) throws IOException {
    Files.writeString(
        folder.resolve("nginx.conf"),
        """
        daemon off;
        worker_processes 1;
        pid nginx.pid;
        error_log error.log warn;
        events { worker_connections 512; }
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            upstream symbolon {
                %s
                keepalive 16;
            }
            server {
                listen 127.0.0.1:%d;
                # A connection a request, for a reload closes those that are kept.
                keepalive_timeout 0;
                location / {
                    proxy_pass http://symbolon/v1/validate;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host symbolon.internal;
                    proxy_next_upstream off;
                }
            }
        }
        """
            .formatted(
                IntStream.range(0, nodes.length)
                    .mapToObj(i -> "server 127.0.0.1:" + nodes[i].port() + " max_fails=0;")
                    .collect(Collectors.joining(" ")),
                port));
  }

  private Process nginx() throws IOException {
    String binary = Files.isExecutable(Path.of("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : "nginx";
    return new ProcessBuilder(
            binary, "-p", folder.toString(), "-c", "nginx.conf", "-e", folder + "/error.log")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("nginx.txt").toFile())
        .start();
  }

  private static void reload(Process nginx) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(nginx.pid())).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isOpen(int port) {
    try (var _ = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
