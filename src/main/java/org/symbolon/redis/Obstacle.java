package org.symbolon.redis;

/**
 * Why the service does not start with this store.
 *
 * @param detail what was found
 * @param mend what the operator has to change
 */
public record Obstacle(Code code, String detail, String mend) implements StoreCheck.Opening {
  /** The named reasons. */
  public enum Code {
    UNREACHABLE("store-unreachable"),
    VERSION("store-version"),
    EVICTS("store-evicts"),
    PERMISSION("store-permission"),
    MODE("store-mode"),
    MASTER("store-master"),
    REPLICA("store-replica"),
    PERSISTENCE("store-persistence"),
    TLS("store-tls");

    private final String text;

    Code(String text) {
      this.text = text;
    }

    /** The reason as it is printed. */
    public String text() {
      return text;
    }
  }

  @Override
  public String toString() {
    return code.text() + ": " + detail + "; " + mend;
  }
}
