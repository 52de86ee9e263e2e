package org.symbolon.benchmarks.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a gateway's question costs: each gateway over TLS with Symbolon's recipe, beside the same
 * with the question taken out of it. All run at once, and the two are asked one right after the
 * other, some rounds, so that whatever else the machine does meets both; what counts are the
 * ratios. Arguments: the project's folder, rounds, seconds of a run, names of gateways (all).
 */
final class GatewayBenchmark {
  private static final String PAGE = "/page";
  private static final int SESSIONS = 100;
  private static final int WARM_UP_SECONDS = 4;

  /** One request at a time shows what a request takes, many what a core does. */
  private static final int ONE = 1;

  private static final int MANY = 32;

  private GatewayBenchmark() {}

  /** A gateway's two runs of a round. */
  private record Pair(Load.Seen asking, Load.Seen alone) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path root = Path.of(args[0]);
    int rounds = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    List<Gateway> gateways =
        Arrays.stream(Gateway.values())
            .filter(g -> args.length == 3 || List.of(args).indexOf(g.text()) >= 3)
            .toList();
    if (gateways.isEmpty()) {
      throw new IllegalArgumentException(
          "no such gateway; there are " + Arrays.toString(Gateway.values()));
    }
    Path folder = Files.createTempDirectory("symbolon-gateway-benchmark");
    Path launcher = root.resolve("src/main/sh/symbolon");
    int port = Server.freePort();
    int appPort = Server.freePort();
    List<Server> running = new ArrayList<>();
    try (Server redis = RedisServer.start(folder);
        Server symbolon =
            Server.start(
                "symbolon",
                port,
                settings(port, redis.port()),
                folder,
                List.of(launcher.toString(), "serve"));
        Server app =
            Server.start(
                "app", appPort, Map.of(), folder, Server.java(BareServer.class, "" + appPort))) {
      app.answering("/");
      symbolon.answering("/v1/validate");
      List<String> cookies = new ArrayList<>();
      for (int user = 0; user < SESSIONS; user++) {
        cookies.add(symbolon.begin(Contenders.issue(symbolon, user)));
      }
      Load load = new Load(folder);
      load.run(
          "direct",
          new Contender.Running(symbolon, "/v1/validate", cookies),
          MANY,
          WARM_UP_SECONDS);
      Gateway.Site site = Gateway.Site.of(launcher, folder, port, appPort);
      Map<Gateway, List<Contender.Running>> pairs = new LinkedHashMap<>();
      for (Gateway gateway : gateways) {
        List<Contender.Running> pair = new ArrayList<>();
        for (boolean asks : List.of(true, false)) {
          Server server = gateway.start(site, asks);
          running.add(server);
          pair.add(new Contender.Running(server, PAGE, cookies));
          refuses(server, folder, asks);
          load.run(gateway.text(), pair.getLast(), MANY, 1);
        }
        pairs.put(gateway, pair);
      }
      print(
          measure(load, pairs, ONE, rounds, seconds), measure(load, pairs, MANY, rounds, seconds));
    } finally {
      running.forEach(Server::close);
    }
  }

  private static Map<String, String> settings(int port, int redis) {
    Map<String, String> settings = new HashMap<>(Contenders.symbolon(port, redis));
    settings.put("SYMBOLON_TRUST_ADDRESSES", "127.0.0.1");
    // A run is thrown away for one outage, and the first requests of a cold service are slow.
    settings.put("SYMBOLON_REDIS_TIMEOUT", "5s");
    return settings;
  }

  /** A gateway that asks lets nobody in without a session; what is measured is what is meant. */
  private static void refuses(Server server, Path folder, boolean asks)
      throws IOException, InterruptedException {
    int status = Gateway.statusOf(server, folder);
    if (status != (asks ? 401 : 200)) {
      throw new IllegalStateException("without a session " + server.log() + " answers " + status);
    }
  }

  private static Map<Gateway, List<Pair>> measure(
      Load load,
      Map<Gateway, List<Contender.Running>> pairs,
      int connections,
      int rounds,
      int seconds)
      throws IOException, InterruptedException {
    Map<Gateway, List<Pair>> seen = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<Gateway, List<Contender.Running>> entry : pairs.entrySet()) {
        String name = entry.getKey().text();
        List<Contender.Running> pair = entry.getValue();
        seen.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
            .add(
                new Pair(
                    load.run(name, pair.getFirst(), connections, seconds),
                    load.run(name, pair.getLast(), connections, seconds)));
      }
    }
    return seen;
  }

  private static void print(Map<Gateway, List<Pair>> one, Map<Gateway, List<Pair>> many) {
    System.out.println(
        "| gateway | p50 ms, asking / alone | p50 x | p99 ms, asking / alone | p99 x |"
            + " requests/s, asking / alone | requests/s x | p99 x, 32 connections |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|");
    one.forEach(
        (gateway, alone) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.2f | %s | %.2f | %s | %.2f | %.2f |%n",
                gateway.text(),
                both(alone, "%.3f", Load.Seen::p50Millis),
                ratio(alone, Load.Seen::p50Millis),
                both(alone, "%.3f", Load.Seen::p99Millis),
                ratio(alone, Load.Seen::p99Millis),
                both(many.get(gateway), "%.0f", Load.Seen::perSecond),
                ratio(many.get(gateway), Load.Seen::perSecond),
                ratio(many.get(gateway), Load.Seen::p99Millis)));
  }

  private static String both(List<Pair> pairs, String format, ToDoubleFunction<Load.Seen> of) {
    return String.format(
        Locale.ROOT,
        format + " / " + format,
        HttpBenchmark.median(pairs, p -> of.applyAsDouble(p.asking())),
        HttpBenchmark.median(pairs, p -> of.applyAsDouble(p.alone())));
  }

  /** The median of the rounds' ratios. */
  private static double ratio(List<Pair> pairs, ToDoubleFunction<Load.Seen> of) {
    return HttpBenchmark.median(
        pairs, p -> of.applyAsDouble(p.asking()) / of.applyAsDouble(p.alone()));
  }
}
