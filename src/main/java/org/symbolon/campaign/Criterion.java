package org.symbolon.campaign;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Flag;
import org.symbolon.session.Handle;
import org.symbolon.session.Session;
import org.symbolon.session.Signal;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/**
 * What sessions can be told apart by. One of several values suffices. What a criterion compiles to
 * allocates nothing when it is asked.
 */
public enum Criterion {
  /** Every session; its one value is {@code true}. */
  ALL("true"),
  HANDLE("handles as the API shows them"),
  /** Sessions whose IDs have got out: told by {@link LeakedIds}, and named by handle once found. */
  LEAKED(
      "the SHA-256 of each ID's locator as 64 characters of hex, as symbolon campaign plan --leaked"
          + " makes it; never an ID"),
  TENANT("tenants, 1 to 64 characters of A-Z a-z 0-9 . _ -"),
  SUBJECT("subjects, 1 to 255 visible ASCII characters"),
  /** One subject of one tenant. */
  ACCOUNT("tenants and subjects as default/alice"),
  CLIENT_CLASS("client classes, 1 to 32 characters of a-z 0-9 -"),
  BROWSER("some of " + names(Device.Browser.values())),
  PLATFORM("some of " + names(Device.Platform.values())),
  /** Where the session was issued to: of the address only a hash of its network is kept. */
  NETWORK(
      "networks as 203.0.113.0/24 or 2001:db8:1::/48, the sizes that are kept of an address, or"
          + " IPv4 blocks up to /16 as 203.0.0.0/16"),
  /** Of the presenter, as the signal of this name recorded it; nothing where it is off. */
  ASN("numbers of autonomous systems as 64496; kept where signals.asn is on"),
  COUNTRY("countries as DE (ISO 3166-1); kept where signals.country is on"),
  FINGERPRINT("TLS fingerprints as your gateways tell them; kept where signals.fingerprint is on"),
  GATEWAY("gateways as /gw/<gateway>/validate names them; kept where signals.gateway is on"),
  ACR("authentication context classes"),
  /** None of these; empty is none of them either. */
  ACR_NOT("authentication context classes"),
  /** Weaker than this one in the configured order, or not in the order at all. */
  ACR_BELOW("one class of acr.order"),
  AMR("authentication methods as pwd or otp"),
  /** Without any of these. */
  AMR_NOT("authentication methods as pwd or otp"),
  /** The key of the key ring that the session's current ID was made with. */
  KEY("key IDs, 0 to 15"),
  /** What the session's requests have to prove. */
  BINDING("none, " + names(Binding.Kind.values())),
  /** What speaks for a thief; noted until the user authenticates again. */
  FLAG("some of " + String.join(", ", flags())),
  ATTRIBUTE("name=value"),
  ISSUED_BEFORE(),
  ISSUED_AFTER(),
  SEEN_BEFORE(),
  SEEN_AFTER(),
  AUTHENTICATED_BEFORE(),
  AUTHENTICATED_AFTER();

  /** What may be expected of a session and isn't kept with it. */
  private static final Set<String> NOT_CARRIED =
      Set.of("address", "cidr", "user_agent", "node", "role", "group", "app", "idp", "issuer");

  private static final Set<String> NOBODY = Set.of();

  private final String needed;
  private final boolean isInstant;

  Criterion(String needed) {
    this.needed = needed;
    this.isInstant = false;
  }

  Criterion() {
    this.needed = "one instant as 2026-11-25T03:00:00Z, to the millisecond";
    this.isInstant = true;
  }

  /** The name in requests and reports. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Criterion> named(String code) {
    return Arrays.stream(values()).filter(c -> c.code().equals(code)).findFirst();
  }

  static boolean isCarriedBySessions(String code) {
    return !NOT_CARRIED.contains(code);
  }

  boolean isSingle() {
    return isInstant || this == ALL || this == ACR_BELOW;
  }

  boolean isValid(String value) {
    return switch (this) {
      case ALL -> value.equals("true");
      case HANDLE -> Handle.parse(value).isPresent();
      case LEAKED -> value.matches("[0-9a-f]{64}");
      case TENANT -> Tenant.isValid(value);
      case SUBJECT -> Subject.isValid(value);
      case ACCOUNT ->
          Tenant.isValid(value.substring(0, Math.max(0, value.indexOf('/'))))
              && Subject.isValid(value.substring(value.indexOf('/') + 1));
      case CLIENT_CLASS -> ClientClass.isValid(value);
      case BROWSER -> isOneOf(Device.Browser.values(), value);
      case PLATFORM -> isOneOf(Device.Platform.values(), value);
      case NETWORK -> Networks.isValid(value);
      case ASN -> value.matches("[1-9][0-9]{0,9}");
      case COUNTRY -> value.matches("[A-Z]{2}");
      case FINGERPRINT -> value.matches("[!-~]{1,256}");
      case GATEWAY -> value.matches("[a-z0-9-]{1,64}");
      case ACR, ACR_NOT, ACR_BELOW -> Authentication.isValidAcr(value);
      case AMR, AMR_NOT -> Authentication.isValidAmr(List.of(value));
      case KEY -> value.matches("[0-9]|1[0-5]");
      case BINDING -> value.equals("none") || isOneOf(Binding.Kind.values(), value);
      case FLAG -> flags().contains(value);
      case ATTRIBUTE -> value.indexOf('=') > 0 && isPrintable(value);
      case ISSUED_BEFORE,
          ISSUED_AFTER,
          SEEN_BEFORE,
          SEEN_AFTER,
          AUTHENTICATED_BEFORE,
          AUTHENTICATED_AFTER ->
          isInstant(value);
    };
  }

  /** What its values have to be. */
  String needed() {
    return needed;
  }

  /**
   * @param values at least one, each valid
   */
  Predicate<Session> compile(List<String> values, NetworkHash networks) {
    Set<String> texts = Set.copyOf(values);
    return switch (this) {
      case ALL -> _ -> true;
      case HANDLE -> {
        Set<Handle> handles =
            values.stream()
                .flatMap(v -> Handle.parse(v).stream())
                .collect(Collectors.toUnmodifiableSet());
        yield session -> handles.contains(session.handle());
      }
      case LEAKED -> throw new IllegalStateException("leaked: to be found first");
      case TENANT -> of(texts, session -> session.tenant().value());
      case SUBJECT -> of(texts, session -> session.subject().value());
      case ACCOUNT -> {
        Map<String, Set<String>> subjects =
            values.stream()
                .collect(
                    Collectors.groupingBy(
                        v -> v.substring(0, v.indexOf('/')),
                        Collectors.mapping(
                            v -> v.substring(v.indexOf('/') + 1), Collectors.toUnmodifiableSet())));
        yield session ->
            subjects
                .getOrDefault(session.tenant().value(), NOBODY)
                .contains(session.subject().value());
      }
      case CLIENT_CLASS -> of(texts, session -> session.clientClass().value());
      case BROWSER -> {
        Set<Device.Browser> browsers = constants(Device.Browser.values(), texts);
        yield session -> browsers.contains(session.device().browser());
      }
      case PLATFORM -> {
        Set<Device.Platform> platforms = constants(Device.Platform.values(), texts);
        yield session -> platforms.contains(session.device().platform());
      }
      case NETWORK -> {
        int[] hashes =
            values.stream().flatMap(Networks::kept).mapToInt(networks::of).sorted().toArray();
        yield session -> Arrays.binarySearch(hashes, session.device().networkHash()) >= 0;
      }
      case ASN -> signal(Signal.ASN, values, networks);
      case COUNTRY -> signal(Signal.COUNTRY, values, networks);
      case FINGERPRINT -> signal(Signal.FINGERPRINT, values, networks);
      case GATEWAY -> signal(Signal.GATEWAY, values, networks);
      case ACR -> of(texts, session -> session.authentication().acr());
      case ACR_NOT -> of(texts, (Session session) -> session.authentication().acr()).negate();
      case ACR_BELOW -> throw new IllegalStateException("acr_below: to be spelled out first");
      case AMR -> session -> hasAny(session.authentication().amr(), texts);
      case AMR_NOT -> session -> !hasAny(session.authentication().amr(), texts);
      case KEY -> {
        int[] keys = values.stream().mapToInt(Integer::parseInt).toArray();
        yield session -> isAmong(keys, session.key());
      }
      case BINDING -> {
        Set<Binding.Kind> kinds = constants(Binding.Kind.values(), texts);
        boolean isNone = texts.contains("none");
        yield session ->
            session.binding().isEmpty() ? isNone : kinds.contains(session.binding().get().kind());
      }
      case FLAG -> flag(values);
      case ATTRIBUTE -> attribute(values);
      case ISSUED_BEFORE -> before(values, Session::issuedAt);
      case ISSUED_AFTER -> after(values, Session::issuedAt);
      case SEEN_BEFORE -> before(values, Session::lastSeenAt);
      case SEEN_AFTER -> after(values, Session::lastSeenAt);
      case AUTHENTICATED_BEFORE -> before(values, s -> s.authentication().time());
      case AUTHENTICATED_AFTER -> after(values, s -> s.authentication().time());
    };
  }

  private static List<String> flags() {
    return Stream.concat(
            Stream.of(Flag.values()).map(Flag::code),
            Stream.of(Signal.values()).filter(Signal::isOfPlaces).map(Signal::code))
        .toList();
  }

  private static Predicate<Session> flag(List<String> values) {
    Flag[] flags =
        Stream.of(Flag.values()).filter(f -> values.contains(f.code())).toArray(Flag[]::new);
    Signal[] suspicions =
        Stream.of(Signal.values())
            .filter(s -> s.isOfPlaces() && values.contains(s.code()))
            .toArray(Signal[]::new);
    return session ->
        isAnyIn(flags, session.signals().flags())
            || isAnyIn(suspicions, session.signals().places().suspicions());
  }

  private static <E> boolean isAnyIn(E[] wanted, Set<E> there) {
    for (E one : wanted) {
      if (there.contains(one)) {
        return true;
      }
    }
    return false;
  }

  /** What a session's signal was recorded as. */
  private static Predicate<Session> signal(Signal signal, List<String> values, NetworkHash hash) {
    int[] hashes = values.stream().mapToInt(v -> hash.of(signal.code() + '\n' + v)).toArray();
    return session -> isAmong(hashes, session.signals().of(signal));
  }

  /** The hash that is kept of a device's network, or of another signal. */
  @FunctionalInterface
  public interface NetworkHash {
    /**
     * @param network as {@code 203.0.113.0/24}, or a signal's code, a line feed and what it shows
     */
    int of(String network);
  }

  private static Predicate<Session> of(Set<String> texts, Function<Session, String> field) {
    return session -> texts.contains(field.apply(session));
  }

  private static Predicate<Session> before(List<String> values, Function<Session, Instant> field) {
    Instant bound = Instant.parse(values.getFirst());
    return session -> field.apply(session).isBefore(bound);
  }

  private static Predicate<Session> after(List<String> values, Function<Session, Instant> field) {
    Instant bound = Instant.parse(values.getFirst());
    return session -> field.apply(session).isAfter(bound);
  }

  private static Predicate<Session> attribute(List<String> values) {
    String[] names =
        values.stream().map(v -> v.substring(0, v.indexOf('='))).toArray(String[]::new);
    String[] wanted =
        values.stream().map(v -> v.substring(v.indexOf('=') + 1)).toArray(String[]::new);
    return session -> {
      for (int i = 0; i < names.length; i++) {
        if (wanted[i].equals(session.attributes().values().get(names[i]))) {
          return true;
        }
      }
      return false;
    };
  }

  private static boolean hasAny(List<String> methods, Set<String> texts) {
    for (int i = 0; i < methods.size(); i++) {
      if (texts.contains(methods.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAmong(int[] numbers, int number) {
    for (int known : numbers) {
      if (known == number) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInstant(String value) {
    try {
      Instant instant = Instant.parse(value);
      return instant.equals(instant.truncatedTo(ChronoUnit.MILLIS));
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isPrintable(String value) {
    return value.length() <= 512 && value.chars().noneMatch(Character::isISOControl);
  }

  private static String names(Enum<?>[] constants) {
    return Stream.of(constants).map(Criterion::lower).collect(Collectors.joining(", "));
  }

  private static boolean isOneOf(Enum<?>[] constants, String value) {
    return Stream.of(constants).map(Criterion::lower).anyMatch(value::equals);
  }

  private static <E extends Enum<E>> Set<E> constants(E[] all, Set<String> named) {
    return Stream.of(all)
        .filter(constant -> named.contains(lower(constant)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
