package org.symbolon;

import java.time.InstantSource;
import org.symbolon.redis.Durability;
import org.symbolon.redis.Obstacle;
import org.symbolon.redis.RedisLink;
import org.symbolon.redis.RedisServers;
import org.symbolon.redis.RedisSessionStore;
import org.symbolon.redis.StoreCheck;
import org.symbolon.redis.StoreClock;
import org.symbolon.session.Counts;
import org.symbolon.session.SessionStore;

/** The real store over servers of a test, without a service around it. */
record OpenedStore(RedisLink link, StoreClock clock, SessionStore sessions)
    implements AutoCloseable {
  static OpenedStore open(RedisServers servers) {
    RedisLink link =
        switch (StoreCheck.open(servers.settings())) {
          case StoreCheck.Ready(RedisLink ready) -> ready;
          case Obstacle obstacle -> throw new AssertionError(obstacle.toString());
        };
    StoreClock clock = new StoreClock(link, InstantSource.system());
    return new OpenedStore(
        link, clock, new RedisSessionStore(link, clock, new Counts(), Durability.DEFAULT));
  }

  @Override
  public void close() {
    clock.close();
    link.close();
  }
}
