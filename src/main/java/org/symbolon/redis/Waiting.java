package org.symbolon.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.symbolon.campaign.OutageException;

/** Waits for the store on a thread that may. */
final class Waiting {
  /** Of what waits for replicas, or is tried again while a slot moves. */
  private static final int LONGER = 5;

  static <T> T on(RedisLink link, Supplier<CompletionStage<T>> call) throws OutageException {
    try {
      return call.get()
          .toCompletableFuture()
          .get(LONGER * link.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutageException("interrupted");
    } catch (ExecutionException e) {
      throw outage(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException | RuntimeException e) {
      throw outage(e);
    }
  }

  /**
   * Waits for an answer and reads it; one that can't be read is an outage too.
   *
   * @param read may throw
   */
  static <T, R> R on(RedisLink link, Supplier<CompletionStage<T>> call, Function<T, R> read)
      throws OutageException {
    T answer = on(link, call);
    try {
      return read.apply(answer);
    } catch (RuntimeException e) {
      throw outage(e);
    }
  }

  /** A hash's fields; what is no hash is an outage. */
  static Map<String, String> hash(RedisLink link, byte[] key) throws OutageException {
    return on(link, () -> hgetall(link, key), Waiting::fields);
  }

  /** A hash as it comes, for {@link #fields}: the client library takes what is none for empty. */
  static CompletionStage<List<Object>> hgetall(RedisLink link, byte[] key) {
    return link.commands()
        .dispatch(
            CommandType.HGETALL,
            new ArrayOutput<>(ByteArrayCodec.INSTANCE),
            new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(key));
  }

  /**
   * Reads a hash.
   *
   * @throws RuntimeException where it is none
   */
  static Map<String, String> fields(List<Object> answer) {
    Map<String, String> fields = new LinkedHashMap<>();
    Iterator<Object> parts = answer.iterator();
    while (parts.hasNext()) {
      fields.put(text(parts.next()), text(parts.next()));
    }
    return fields;
  }

  private static String text(Object part) {
    return new String((byte[]) part, StandardCharsets.UTF_8);
  }

  private static OutageException outage(Throwable failure) {
    Throwable cause = StoreCalls.unwrap(failure);
    return new OutageException(StoreCalls.outcome(cause) + ", " + cause.getMessage());
  }

  private Waiting() {}
}
