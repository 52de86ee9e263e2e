package org.symbolon.token;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.symbolon.session.Handle;
import org.symbolon.session.Locator;
import org.symbolon.session.Presented;
import org.symbolon.session.SecretText;
import org.symbolon.session.Seed;
import org.symbolon.session.SessionId;
import org.symbolon.session.SessionIds;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;

/**
 * Throws header fields at the cookie reader and compares with one that splits and trims plainly. A
 * long run is started as {@link SessionIdFuzzTest} says, with this class as target.
 */
class SessionCookieFuzzTest {
  private static final String NAME = "sid";

  /** The value that was handed on to be read as a session ID. */
  private static final ThreadLocal<String> READ = ThreadLocal.withInitial(() -> "");

  private static final SessionCookie COOKIE = new SessionCookie(NAME, new Recording());

  @FuzzTest
  void readsAsThePlainReaderDoes(FuzzedDataProvider data) {
    fuzzerTestOneInput(data);
  }

  /** The entry point of a long run. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) {
    // Fields are lines of the input: a seed can be read and written by people.
    List<String> fields = List.of(data.consumeRemainingAsString().split("\n", -1));
    Set<String> values = plainly(fields);
    Presented presented = COOKIE.read(fields);
    boolean isSame =
        switch (presented) {
          case Presented.Missing _ -> values.isEmpty();
          case Presented.Ambiguous _ -> values.size() > 1;
          case Presented.Malformed _ -> values.size() == 1 && values.contains(READ.get());
          case Presented.Genuine _ -> false;
        };
    if (!isSame) {
      throw new AssertionError("read " + presented + " where there are " + values);
    }
  }

  private static Set<String> plainly(List<String> fields) {
    Set<String> values = new LinkedHashSet<>();
    for (String field : fields) {
      for (String pair : field.split(";", -1)) {
        StringBuilder text = new StringBuilder(pair);
        while (!text.isEmpty() && isBlank(text.charAt(0))) {
          text.deleteCharAt(0);
        }
        while (!text.isEmpty() && isBlank(text.charAt(text.length() - 1))) {
          text.setLength(text.length() - 1);
        }
        int equals = text.indexOf("=");
        if (equals >= 0 && text.substring(0, equals).equals(NAME)) {
          values.add(text.substring(equals + 1));
        }
      }
    }
    return values;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Finds nothing genuine and remembers what it was shown. */
  private static final class Recording implements SessionIds {
    @Override
    public Presented parse(String text) {
      READ.set(text);
      return new Presented.Malformed();
    }

    @Override
    public SubjectKey subjectKey(Tenant tenant, Subject subject) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Locator newLocator(SubjectKey subject) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Handle handle(Locator locator) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Locator> locator(Handle handle) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int signingKey() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SecretText encode(int key, Locator locator, int generation, Seed seed) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean verify(SessionId presented, Seed seed) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int signalHash(String signal) {
      throw new UnsupportedOperationException();
    }
  }
}
