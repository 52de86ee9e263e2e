package org.symbolon.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Flag;
import org.symbolon.session.Handle;
import org.symbolon.session.Places;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.Signal;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/** Sessions in which every criterion takes a few values. */
final class People {
  static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final List<Device.Browser> BROWSERS = List.of(Device.Browser.values());
  private static final List<Device.Platform> PLATFORMS = List.of(Device.Platform.values());
  static final List<String> ACRS = List.of("", "low", "middle", "high");

  static Session session(RandomGenerator random) {
    Instant issued = NOON.minusSeconds(random.nextInt(10));
    return new Session(
        new Handle(random.nextInt(4), random.nextInt(4)),
        random.nextInt(16),
        0,
        Seed.of(new byte[Seed.LENGTH]),
        new Tenant("t" + random.nextInt(3)),
        new Subject("s" + random.nextInt(4)),
        new Authentication(
            NOON.minusSeconds(random.nextInt(10)),
            ACRS.get(random.nextInt(4)),
            List.of("pwd", "otp", "hwk").subList(0, random.nextInt(4))),
        new ClientClass("c" + random.nextInt(3)),
        new Device(
            BROWSERS.get(random.nextInt(4)),
            PLATFORMS.get(random.nextInt(4)),
            0,
            random.nextInt(3)),
        random.nextBoolean()
            ? Attributes.NONE
            : new Attributes(Map.of("plan", "p" + random.nextInt(2))),
        issued,
        issued.plusSeconds(random.nextInt(5)),
        issued.plus(Duration.ofHours(24)),
        Duration.ofHours(1),
        issued,
        true,
        false,
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(new Binding(Binding.Kind.DBSC, issued, "k")),
        new SignalHashes(
                0,
                0,
                "67".charAt(random.nextInt(2)),
                "ERX".charAt(random.nextInt(3)),
                "12".charAt(random.nextInt(2)))
            .with(Signal.GATEWAY, "xy".charAt(random.nextInt(2)))
            .with(some(random, List.of(Flag.values())))
            .with(
                new Places(
                    some(random, List.of(Signal.TRAVEL, Signal.FAN_OUT)), 0, 0, 0, List.of())));
  }

  private static <E> Set<E> some(RandomGenerator random, List<E> all) {
    return all.stream().filter(_ -> random.nextInt(3) == 0).collect(Collectors.toSet());
  }

  private People() {}
}
