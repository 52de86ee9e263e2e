package org.symbolon.token;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.symbolon.session.Presented;
import org.symbolon.session.SessionId;

/**
 * Throws texts at the reader of session IDs. In the normal run the seeds are replayed; a long run
 * from the tests' class path, as {@code mvn dependency:build-classpath} prints it:
 *
 * <pre>
 * java -cp target/test-classes:target/classes:$CLASS_PATH com.code_intelligence.jazzer.Jazzer \
 *   --target_class=org.symbolon.token.SessionIdFuzzTest \
 *   --instrumentation_includes=org.symbolon.token.SessionIdCodec --disabled_hooks='*' \
 *   -runs=100000000 -max_total_time=0 -max_len=64
 * </pre>
 *
 * <p>or, for 5 minutes: {@code JAZZER_FUZZ=1 mvn test -Dtest=SessionIdFuzzTest}.
 */
class SessionIdFuzzTest {
  private static final KeyRing RING = Rings.of("0 publish", "3 sign", "9 retire");
  private static final SessionIdCodec CODEC = new SessionIdCodec(() -> RING, new SecureRandom());

  /** A value is genuine exactly where a reader written plainly says so. */
  @FuzzTest
  void readsAsThePlainReaderDoes(FuzzedDataProvider data) {
    fuzzerTestOneInput(data);
  }

  /** The entry point of a long run. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) {
    boolean mended = data.consumeBoolean();
    String text = data.consumeRemainingAsString();
    judge(text);
    // A check of 32 bits is not guessed: a mended one takes the run past it.
    if (mended && text.length() == SessionIdCodec.TEXT_LENGTH) {
      judge(PlainReader.withTrueCheck(text, RING));
    }
  }

  private static void judge(String text) {
    boolean isGenuine = PlainReader.isGenuine(text, RING);
    switch (CODEC.parse(text)) {
      case Presented.Genuine(SessionId id) -> {
        byte[] wire = Base64.getUrlDecoder().decode(text);
        boolean isSame =
            isGenuine
                && id.key() == (wire[0] & 15)
                && id.generation() == ((wire[9] & 0xff) << 8 | (wire[10] & 0xff))
                && id.locator().bucket() == ((wire[1] & 0xff) << 8 | (wire[2] & 0xff))
                && (id.locator().random() & 0xff) == (wire[8] & 0xff)
                && id.secretEquals(Arrays.copyOfRange(wire, 11, 23));
        require(isSame, "another ID was read than is written");
      }
      case Presented.Malformed _ -> require(!isGenuine, "a genuine ID was refused");
      case Presented.Missing _, Presented.Ambiguous _ -> throw new AssertionError("not an answer");
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
