package org.symbolon.redis;

/**
 * Where a revocation has to be before it is acknowledged.
 *
 * @param minReplicas how many replicas have to have it at least, 0 to 100; all that are connected
 *     have to have it anyway, but of {@link Level#MEMORY}
 */
public record Durability(Level level, int minReplicas) {
  /** All connected replicas, however many. */
  public static final Durability DEFAULT = new Durability(Level.REPLICAS, 0);

  private static final int MOST = 100;

  /** Where it has to be, from the weakest. */
  public enum Level {
    /** In the master's memory: it is lost with it. */
    MEMORY,
    /** In the memory of every connected replica as well. */
    REPLICAS,
    /** On the master's disk, and in the memory of every connected replica. */
    FSYNC
  }

  /**
   * @throws IllegalArgumentException where the parts don't go together; the message names the field
   */
  public Durability {
    if (minReplicas < 0 || minReplicas > MOST) {
      throw new IllegalArgumentException("minReplicas: 0 to " + MOST + " needed");
    }
    if (level == Level.MEMORY && minReplicas > 0) {
      throw new IllegalArgumentException("minReplicas: 0 where durability is memory");
    }
  }
}
