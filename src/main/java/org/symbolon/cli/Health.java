package org.symbolon.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.symbolon.config.Configuration;
import org.symbolon.config.ListenerConfig;
import org.symbolon.config.Refusal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "health",
    description = "Ask the service on this machine whether it is ready, for a container's check.",
    mixinStandardHelpOptions = true)
final class Health implements Callable<Integer> {
  private final Map<String, String> environment;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  Health(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      Configuration configuration = options.read(environment);
      return ask(configuration.management());
    } catch (Refusal refusal) {
      return Refusals.print(refusal, spec.commandLine().getErr());
    }
  }

  private int ask(ListenerConfig listener) throws InterruptedException {
    String host = listener.isWildcard() ? "127.0.0.1" : listener.host();
    URI address = URI.create("http://" + host + ":" + listener.port() + "/readyz");
    try (HttpClient client =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(2)).build(),
              HttpResponse.BodyHandlers.ofString());
      spec.commandLine().getOut().println(response.body());
      return response.statusCode() == 200 ? 0 : Symbolon.FAILED;
    } catch (IOException e) {
      spec.commandLine().getErr().println("symbolon: no answer at " + address);
      return Symbolon.FAILED;
    }
  }
}
