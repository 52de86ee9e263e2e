package org.symbolon.token;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.symbolon.session.SecretText;

/** Throws texts at the reader of key rings; run longer as {@link SessionIdFuzzTest} says. */
class KeyRingFuzzTest {
  @FuzzTest
  void readsOrNamesAFault(FuzzedDataProvider data) {
    fuzzerTestOneInput(data);
  }

  /** The entry point of a long run. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) {
    switch (KeyRing.parse(new SecretText(data.consumeRemainingAsString()))) {
      case KeyRing.Read(KeyRing ring) -> {
        String text = ring.text().reveal();
        if (!Rings.ring(text).text().reveal().equals(text)
            || ring.accepted(ring.signingKey()) == null) {
          throw new AssertionError("a ring is not read as it is written");
        }
      }
      case KeyRing.Faulty fault -> {
        if (fault.field().isEmpty() || fault.mend().isEmpty()) {
          throw new AssertionError("a fault without a name or mend");
        }
      }
    }
  }
}
