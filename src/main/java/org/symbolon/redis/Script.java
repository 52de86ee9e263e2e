package org.symbolon.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * One of the Lua scripts, run by its digest; a server that does not have it is sent the text, once
 * for that call, and has it from then on.
 */
final class Script {
  private final byte[] text;
  private final String digest;
  private final ScriptOutputType output;

  private Script(byte[] text, ScriptOutputType output) {
    this.text = text;
    this.digest = digest(text);
    this.output = output;
  }

  /** Loads {@code lua/<name>.lua} from the class path. */
  static Script load(String name, ScriptOutputType output) {
    try (InputStream in = Script.class.getResourceAsStream("/lua/" + name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("no script " + name);
      }
      return new Script(in.readAllBytes(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  <T> CompletionStage<T> run(
      RedisClusterAsyncCommands<byte[], byte[]> commands, byte[][] keys, byte[]... arguments) {
    return commands
        .<T>evalsha(digest, output, keys, arguments)
        .exceptionallyCompose(
            failure -> {
              Throwable cause =
                  failure instanceof CompletionException wrapped && wrapped.getCause() != null
                      ? wrapped.getCause()
                      : failure;
              return cause instanceof RedisNoScriptException
                  ? this.<T>send(commands, keys, arguments)
                  : CompletableFuture.<T>failedFuture(cause);
            });
  }

  /** Runs it by its text. */
  <T> CompletionStage<T> send(
      RedisClusterAsyncCommands<byte[], byte[]> commands, byte[][] keys, byte[]... arguments) {
    return commands.eval(text, output, keys, arguments);
  }

  private static String digest(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
