package org.symbolon;

import java.time.Duration;
import java.time.InstantSource;
import org.symbolon.redis.Obstacle;
import org.symbolon.redis.RedisLink;
import org.symbolon.redis.RedisServers;
import org.symbolon.redis.RedisSessionStore;
import org.symbolon.redis.StoreCheck;
import org.symbolon.redis.StoreClock;
import org.symbolon.session.Indicators;
import org.symbolon.session.RotationOutcome;
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
    return new OpenedStore(link, clock, new RedisSessionStore(link, clock, new Silence()));
  }

  @Override
  public void close() {
    clock.close();
    link.close();
  }

  /** Counts nothing. */
  static final class Silence implements Indicators {
    @Override
    public void validated(String result, String gateway, Duration took) {}

    @Override
    public void login(String result) {}

    @Override
    public void logout(String scope) {}

    @Override
    public void setCookie(boolean secure, boolean httpOnly, String sameSite) {}

    @Override
    public void cookieOverPlaintext(String hop) {}

    @Override
    public void cookieHeaderBytes(int bytes) {}

    @Override
    public void store(String operation, String outcome, Duration took) {}

    @Override
    public void rotated(RotationOutcome outcome, String gateway) {}

    @Override
    public void replaySuspected(String signal) {}

    @Override
    public void forwardedIgnored() {}
  }
}
