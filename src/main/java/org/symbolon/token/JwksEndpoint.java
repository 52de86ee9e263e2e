package org.symbolon.token;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys at an issuer's https address: fetched when first needed, when old, and when a key is named
 * that is not among them; no redirects, at most 1 MiB within 2 seconds. A failed fetch leaves the
 * keys before in use.
 */
public final class JwksEndpoint implements JwksSource {
  private static final Logger LOG = LoggerFactory.getLogger(JwksEndpoint.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
  private static final long MAX_BYTES = 1 << 20;

  /**
   * When to fetch, and from where not.
   *
   * @param refresh the age at which keys are fetched anew, so that one taken back is forgotten
   * @param pause the least time between two fetches, whoever asks for them
   * @param allowPrivate whether an address of this host or its networks may be asked
   */
  public record Fetching(Duration refresh, Duration pause, boolean allowPrivate) {
    public static final Fetching DEFAULT =
        new Fetching(Duration.ofMinutes(10), Duration.ofMinutes(1), false);
  }

  private final URI uri;
  private final Fetching fetching;
  private final InstantSource clock;
  private final HttpClient client;
  private final ReentrantLock fetch = new ReentrantLock();
  private volatile Keys keys;
  private volatile Instant loaded = Instant.MIN;
  private volatile Instant nextFetch = Instant.MIN;

  /**
   * @throws IllegalArgumentException where the address is not https with a host
   */
  public JwksEndpoint(URI uri, Fetching fetching, InstantSource clock) {
    this(
        uri,
        fetching,
        clock,
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build());
  }

  JwksEndpoint(URI uri, Fetching fetching, InstantSource clock, HttpClient client) {
    if (!"https".equalsIgnoreCase(uri.getScheme())
        || uri.getHost() == null
        || uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "jwks: use an address of the form https://host/path, without user or password");
    }
    this.uri = uri;
    this.fetching = fetching;
    this.clock = clock;
    this.client = client;
    this.keys = new NotLoaded(uri + ": not fetched yet");
  }

  @Override
  public Keys keys(String kid) {
    if (!isFetchDue(kid)) {
      return keys;
    }
    // One fetches; who has keys goes on with them, who has none waits for the one.
    if (keys instanceof NotLoaded) {
      fetch.lock();
    } else if (!fetch.tryLock()) {
      return keys;
    }
    try {
      if (isFetchDue(kid)) {
        fetch();
      }
    } finally {
      fetch.unlock();
    }
    return keys;
  }

  private boolean isFetchDue(String kid) {
    Instant now = clock.instant();
    if (now.isBefore(nextFetch)) {
      return false;
    }
    return switch (keys) {
      case NotLoaded _ -> true;
      case Known known ->
          !now.isBefore(loaded.plus(fetching.refresh()))
              || (!kid.isEmpty() && !known.jwks().names(kid));
    };
  }

  private void fetch() {
    Instant now = clock.instant();
    String fault;
    try {
      fault = take(body(), now);
    } catch (IOException e) {
      fault = e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fault = "interrupted";
    }
    boolean isFirst = keys instanceof NotLoaded;
    if (!fault.isEmpty()) {
      LOG.warn("{}: {}", uri, fault);
      if (isFirst) {
        keys = new NotLoaded(uri + ": " + fault);
      }
    }
    Duration pause =
        isFirst && fetching.pause().compareTo(FIRST_RETRY) > 0 ? FIRST_RETRY : fetching.pause();
    nextFetch = now.plus(pause);
  }

  /** What is wrong with the text; empty where its keys are in use now. */
  private String take(String text, Instant now) {
    return switch (Jwks.parse(text)) {
      case Jwks.Read(Jwks jwks) -> {
        keys = new Known(jwks);
        loaded = now;
        yield "";
      }
      case Jwks.Faulty(String mend) -> mend;
    };
  }

  private String body() throws IOException, InterruptedException {
    refusePrivate();
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Accept", "application/jwk-set+json, application/json")
            .build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      // The request's own timeout ends with the header fields; a slow body counts as well.
      HttpResponse<byte[]> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode() + " instead of 200");
      }
      return new String(response.body(), StandardCharsets.UTF_8);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer within " + TIMEOUT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  /**
   * Keeps a public name that points inwards from reaching a neighbour. The client resolves the name
   * again, and the certificate it then demands is what a name that changes in between can't show.
   */
  private void refusePrivate() throws IOException {
    if (fetching.allowPrivate()) {
      return;
    }
    for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
      if (PrivateAddress.is(address)) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s is a private address: allow private addresses for this issuer, or use a public"
                    + " one",
                address.getHostAddress()));
      }
    }
  }

  @Override
  public Optional<String> obstacle() {
    return switch (keys("")) {
      case Known _ -> Optional.empty();
      case NotLoaded(String cause) -> Optional.of(cause);
    };
  }
}
