package org.symbolon.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One of the Lua scripts, run by its digest; a server that does not have it is sent the text, once
 * for that call, and has it from then on.
 */
final class Script {
  /** When to try again what a moving slot refused. */
  static final Executor SOON = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

  /** What a server says that has some of a script's keys, while their slot moves. */
  static final String TRY_AGAIN = "TRYAGAIN";

  /** What a server says whose slot another has. */
  static final String MOVED = "MOVED ";

  /** What a server says that has none of a script's keys any more, while their slot moves. */
  static final String ASK = "ASK ";

  private static final int ATTEMPTS = 15;
  private final byte[] text;
  private final String digest;
  private final ScriptOutputType output;
  private final boolean isTelling;

  private Script(byte[] text, ScriptOutputType output, boolean isTelling) {
    this.text = text;
    this.digest = digest(text);
    this.output = output;
    this.isTelling = isTelling;
  }

  /** Loads {@code lua/<name>.lua} from the class path. */
  static Script load(String name, ScriptOutputType output) {
    return new Script(read(name), output, false);
  }

  /**
   * Loads a script that tells of its changes: {@code lua/changes.lua} comes before its text, and
   * the counter and the log of the lane that its first key is of come after its keys.
   */
  static Script telling(String name, ScriptOutputType output) {
    byte[] changes = read("changes");
    byte[] script = read(name);
    byte[] text = Arrays.copyOf(changes, changes.length + script.length);
    System.arraycopy(script, 0, text, changes.length, script.length);
    return new Script(text, output, true);
  }

  private static byte[] read(String name) {
    try (InputStream in = Script.class.getResourceAsStream("/lua/" + name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("no script " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it; for as long as a Cluster moves some of its keys, 150 ms at most, again. */
  <T> CompletionStage<T> run(
      RedisClusterAsyncCommands<byte[], byte[]> commands, byte[][] keys, byte[]... arguments) {
    return attempt(commands, ATTEMPTS, keys, arguments);
  }

  private <T> CompletionStage<T> attempt(
      RedisClusterAsyncCommands<byte[], byte[]> commands,
      int attempts,
      byte[][] keys,
      byte[]... arguments) {
    return commands
        .<T>evalsha(digest, output, named(keys), arguments)
        .exceptionallyCompose(
            failure -> {
              Throwable cause = StoreCalls.unwrap(failure);
              if (cause instanceof RedisNoScriptException) {
                return this.<T>send(commands, keys, arguments);
              }
              return isToBeTriedAgain(cause) && attempts > 1
                  ? CompletableFuture.supplyAsync(() -> attempts - 1, SOON)
                      .thenCompose(left -> this.<T>attempt(commands, left, keys, arguments))
                  : CompletableFuture.<T>failedFuture(cause);
            });
  }

  /** Runs it by its text on a server that is just being given its keys. */
  <T> CompletionStage<T> ask(
      RedisClusterAsyncCommands<byte[], byte[]> commands, byte[][] keys, byte[]... arguments) {
    // Not by its digest: what the server said then would have used up the ASKING.
    var _ = commands.asking();
    return send(commands, keys, arguments);
  }

  /** Whether a slot was on the move, so that one server had some of a script's keys. */
  static boolean isToBeTriedAgain(Throwable failure) {
    return failure instanceof RedisCommandExecutionException
        && String.valueOf(failure.getMessage()).startsWith(TRY_AGAIN);
  }

  /** Runs it by its text. */
  <T> CompletionStage<T> send(
      RedisClusterAsyncCommands<byte[], byte[]> commands, byte[][] keys, byte[]... arguments) {
    return commands.eval(text, output, named(keys), arguments);
  }

  private byte[][] named(byte[][] keys) {
    if (!isTelling) {
      return keys;
    }
    byte[][] named = Arrays.copyOf(keys, keys.length + 2);
    Lane lane = Lane.of(keys[0]);
    named[keys.length] = lane.counter();
    named[keys.length + 1] = lane.log();
    return named;
  }

  private static String digest(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
