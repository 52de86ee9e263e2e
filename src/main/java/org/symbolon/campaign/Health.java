package org.symbolon.campaign;

import java.time.Duration;
import java.util.Optional;

/** How this node does just now; each is empty where too little happened to tell. */
public interface Health {
  /** Nothing is known. */
  Health UNKNOWN =
      new Health() {
        @Override
        public Optional<Duration> validateP99() {
          return Optional.empty();
        }

        @Override
        public Optional<Duration> storeP99() {
          return Optional.empty();
        }

        @Override
        public Optional<Integer> loginErrors() {
          return Optional.empty();
        }
      };

  /** Of the last second or two, as the next. */
  Optional<Duration> validateP99();

  Optional<Duration> storeP99();

  /** How many percent of the last seconds' logins failed for want of the store. */
  Optional<Integer> loginErrors();

  /**
   * Beyond which an ending of sessions pauses by itself.
   *
   * @param validateP99 zero for no limit, as all
   */
  record Limits(Duration validateP99, Duration storeP99, int loginErrors) {
    public static final Limits NONE = new Limits(Duration.ZERO, Duration.ZERO, 0);
  }
}
