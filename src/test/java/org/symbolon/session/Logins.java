package org.symbolon.session;

import java.time.Instant;
import java.util.List;

/** Logins of which nothing but the name and the time is asked. */
public final class Logins {
  private Logins() {}

  /** By password, in a browser that tells nothing of itself and replaces no session. */
  public static Login of(String subject, Instant time) {
    return new Login(
        Tenant.DEFAULT,
        new Subject(subject),
        new Authentication(time, "", List.of("pwd")),
        ClientClass.BROWSER,
        Device.UNKNOWN,
        Attributes.NONE,
        new Presented.Missing(),
        Presenter.UNKNOWN,
        List.of());
  }
}
