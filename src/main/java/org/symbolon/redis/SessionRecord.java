package org.symbolon.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Flag;
import org.symbolon.session.Handle;
import org.symbolon.session.Places;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Signal;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/**
 * The packed form of a session, big-endian:
 *
 * <pre>
 *  0  1  format version (4 bits) and kind (4 bits): 0 live, 1 tombstone
 *  1  1  0x80 seen, 0x40 severed, excused (2 bits), key ID of the current generation (4 bits)
 *  2  2  generation          seen: it was presented; severed: its predecessor counts no more;
 *                            excused: so many before it may come from who knows no better, 3: any
 *  4  6  issued, ms          the four times are the store's to set, in its scripts
 * 10  6  rotated, ms         when the generation was issued; once seen, when first
 * 16  6  last seen, ms
 * 22  6  absolute deadline, ms
 * 28  5  idle timeout, ms
 * 33  6  auth_time, ms
 * 39 16  seed
 * 55  1  browser
 * 56  1  platform
 * 57  4  hash of the user agent
 * 61  4  hash of the network
 * 65     tail: tag (1), length (1, of a tag from 0x80 on 2), bytes; what has its default is left out
 *        first of all, where there is one, the binding: kind (1), since in ms (6), key;
 *        then, where any is recorded, the signals: a bit for each (1), hashes of 4 bytes each;
 *        then, where any is recorded, the places: 1 travel and 2 fan-out suspected, 4 places follow, from
 *        8 on a bit for each flag (1),
 *        here (4), before (4), since in s (4), and of each network a hash (4) and when in s (4)
 * </pre>
 *
 * A tombstone is the first byte, the reason's code (1) and the instant in ms (6). An unknown tag
 * makes the record unreadable and is not skipped: it may hold what the session is bound to.
 */
final class SessionRecord {
  private static final int LIVE = 0x10;
  private static final int TOMBSTONE = 0x11;
  private static final int SEEN = 0x80;
  private static final int SEVERED = 0x40;
  private static final int KEY = 0x0f;
  private static final int HEADER = 65;
  private static final int SUBJECT = 1;
  private static final int ACR = 2;
  private static final int AMR = 3;
  private static final int TENANT = 4;
  private static final int CLIENT_CLASS = 5;
  private static final int ATTRIBUTE_NAME = 6;
  private static final int SIGNALS = 9;
  private static final int PLACES = 10;
  private static final int TRAVELLED = 1;
  private static final int FANNED_OUT = 2;
  private static final int MOVED = 4;
  private static final int FIRST_FLAG = 8;
  private static final int LONG = 0x80;
  private static final int ATTRIBUTE_VALUE = LONG | 7;
  private static final int BINDING = LONG | 8;
  private static final List<Binding.Kind> KINDS = List.of(Binding.Kind.values());
  private static final List<Signal> BITS =
      Arrays.stream(Signal.values()).filter(signal -> !signal.isOfPlaces()).toList();
  private static final List<Flag> FLAGS = List.of(Flag.values());
  private static final List<Device.Browser> BROWSERS = List.of(Device.Browser.values());
  private static final List<Device.Platform> PLATFORMS = List.of(Device.Platform.values());
  private static final List<RevocationReason> REASONS = List.of(RevocationReason.values());

  /**
   * A header, eleven short tail fields, a binding, attributes at their largest and most numerous.
   */
  private static final int CAPACITY = 8192;

  private SessionRecord() {}

  /** The record of a draft, its four times zero. */
  static byte[] encode(SessionStore.Draft draft) {
    ByteBuffer out = ByteBuffer.allocate(CAPACITY);
    out.put((byte) LIVE).put((byte) (SEEN | SEVERED | draft.key())).putShort((short) 0);
    out.position(28);
    put(out, draft.timeouts().idle().toMillis(), 5);
    put(out, draft.authentication().time().toEpochMilli(), 6);
    out.put(draft.seed().reveal());
    Device device = draft.device();
    out.put((byte) BROWSERS.indexOf(device.browser()))
        .put((byte) PLATFORMS.indexOf(device.platform()));
    out.putInt(device.userAgentHash()).putInt(device.networkHash());
    draft.binding().ifPresent(binding -> out.put(binding(binding)));
    putTail(
        out,
        draft.subject(),
        draft.authentication(),
        draft.tenant(),
        draft.clientClass(),
        draft.attributes());
    return written(out);
  }

  /** The binding's place in the tail. */
  static byte[] binding(Binding binding) {
    byte[] key = binding.key().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(CAPACITY);
    out.put((byte) BINDING).putShort((short) (1 + 6 + key.length));
    out.put((byte) KINDS.indexOf(binding.kind()));
    put(out, binding.since().toEpochMilli(), 6);
    return written(out.put(key));
  }

  /** The place of signals and places in the tail; empty where none is recorded. */
  static byte[] signals(SignalHashes hashes) {
    byte[] signals = hashes(hashes);
    byte[] places = places(hashes.places(), hashes.flags());
    byte[] both = Arrays.copyOf(signals, signals.length + places.length);
    System.arraycopy(places, 0, both, signals.length, places.length);
    return both;
  }

  private static byte[] places(Places places, Set<Flag> flags) {
    ByteBuffer out = ByteBuffer.allocate(CAPACITY);
    int which =
        (places.suspicions().contains(Signal.TRAVEL) ? TRAVELLED : 0)
            | (places.suspicions().contains(Signal.FAN_OUT) ? FANNED_OUT : 0)
            | (places.here() != 0 ? MOVED : 0)
            | flags.stream().mapToInt(flag -> FIRST_FLAG << FLAGS.indexOf(flag)).sum();
    out.position(3);
    if (places.here() != 0) {
      out.putInt(places.here()).putInt(places.before()).putInt((int) places.movedAt());
    }
    for (Places.Seen seen : places.networks()) {
      out.putInt(seen.network()).putInt((int) seen.at());
    }
    out.put(0, (byte) PLACES).put(1, (byte) (out.position() - 2)).put(2, (byte) which);
    return which == 0 && places.networks().isEmpty() ? new byte[0] : written(out);
  }

  private static SignalHashes places(ByteBuffer in, SignalHashes beside) {
    int which = in.get();
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    for (int bit = 0; bit < FLAGS.size(); bit++) {
      if ((which & FIRST_FLAG << bit) != 0) {
        flags.add(FLAGS.get(bit));
      }
    }
    Set<Signal> suspicions = EnumSet.noneOf(Signal.class);
    if ((which & TRAVELLED) != 0) {
      suspicions.add(Signal.TRAVEL);
    }
    if ((which & FANNED_OUT) != 0) {
      suspicions.add(Signal.FAN_OUT);
    }
    boolean hasMoved = (which & MOVED) != 0;
    int here = hasMoved ? in.getInt() : 0;
    int before = hasMoved ? in.getInt() : 0;
    long movedAt = hasMoved ? in.getInt() & 0xffffffffL : 0;
    List<Places.Seen> networks = new ArrayList<>();
    while (in.hasRemaining()) {
      networks.add(new Places.Seen(in.getInt(), in.getInt() & 0xffffffffL));
    }
    return beside.with(new Places(suspicions, here, before, movedAt, networks)).with(flags);
  }

  private static byte[] hashes(SignalHashes hashes) {
    int which = 0;
    ByteBuffer out = ByteBuffer.allocate(1 + 1 + 1 + Integer.BYTES * BITS.size());
    out.position(3);
    for (int bit = 0; bit < BITS.size(); bit++) {
      int hash = hashes.of(BITS.get(bit));
      if (hash != 0) {
        which |= 1 << bit;
        out.putInt(hash);
      }
    }
    out.put(0, (byte) SIGNALS).put(1, (byte) (out.position() - 2)).put(2, (byte) which);
    return which == 0 ? new byte[0] : written(out);
  }

  private static SignalHashes signals(ByteBuffer in) {
    int which = in.get();
    SignalHashes hashes = SignalHashes.NONE;
    for (int bit = 0; bit < BITS.size(); bit++) {
      if ((which >> bit & 1) != 0) {
        hashes = hashes.with(BITS.get(bit), in.getInt());
      }
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("signals: more hashes than are known");
    }
    return hashes;
  }

  /**
   * The tail of a live session's record but for its binding, had it this authentication. It has no
   * signals: who presents the new ID first is whom they are recorded of.
   */
  static byte[] tail(Session session, Authentication authentication) {
    ByteBuffer out = ByteBuffer.allocate(CAPACITY);
    putTail(
        out,
        session.subject(),
        authentication,
        session.tenant(),
        session.clientClass(),
        session.attributes());
    return written(out);
  }

  /** The 6 bytes of {@code auth_time}. */
  static byte[] time(Instant authenticated) {
    ByteBuffer out = ByteBuffer.allocate(6);
    put(out, authenticated.toEpochMilli(), 6);
    return out.array();
  }

  private static void putTail(
      ByteBuffer out,
      Subject subject,
      Authentication authentication,
      Tenant tenant,
      ClientClass clientClass,
      Attributes attributes) {
    put(out, SUBJECT, subject.value(), "");
    put(out, ACR, authentication.acr(), "");
    put(out, AMR, String.join(",", authentication.amr()), "");
    put(out, TENANT, tenant.value(), Tenant.DEFAULT.value());
    put(out, CLIENT_CLASS, clientClass.value(), ClientClass.BROWSER.value());
    attributes
        .values()
        .forEach(
            (name, value) -> {
              put(out, ATTRIBUTE_NAME, name, "");
              byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
              out.put((byte) ATTRIBUTE_VALUE).putShort((short) bytes.length).put(bytes);
            });
  }

  private static byte[] written(ByteBuffer out) {
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  /**
   * The session that an encoded draft becomes at an instant, as create.lua makes it.
   *
   * @param issued the instant, or one after it where a mark covers that
   */
  static Session issued(SessionStore.Draft draft, byte[] record, Instant issued, Instant now) {
    ByteBuffer stamped = ByteBuffer.wrap(record.clone());
    stamped.position(4);
    put(stamped, issued.toEpochMilli(), 6);
    for (int i = 0; i < 2; i++) {
      put(stamped, now.toEpochMilli(), 6);
    }
    put(stamped, now.plus(draft.timeouts().absolute()).toEpochMilli(), 6);
    return session(draft.handle(), stamped.array());
  }

  /** The reason of a code; a newer version's reason ends the session as well. */
  static RevocationReason reason(int code) {
    return code < REASONS.size() ? REASONS.get(code) : RevocationReason.ADMIN;
  }

  /** The code of a reason in a tombstone. */
  static int code(RevocationReason reason) {
    return REASONS.indexOf(reason);
  }

  /**
   * What a record says of its handle.
   *
   * @param now the store's clock
   * @throws UnreadableRecordException for anything that was not written in this format
   */
  static SessionStore.Finding decode(Handle handle, byte[] record, Instant now) {
    Optional<SessionStore.Ended> ended = ended(record);
    return ended.isPresent() ? ended.get() : new SessionStore.Found(session(handle, record), now);
  }

  /** What a tombstone says; empty for anything else. */
  static Optional<SessionStore.Ended> ended(byte[] record) {
    if (record.length != 8 || record[0] != TOMBSTONE) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(record, 1, 7);
    RevocationReason reason = reason(in.get() & 0xff);
    return Optional.of(new SessionStore.Ended(reason, Instant.ofEpochMilli(take(in, 6))));
  }

  /**
   * The live session of a record.
   *
   * @throws UnreadableRecordException for anything else
   */
  static Session session(Handle handle, byte[] record) {
    if (record.length < HEADER || record[0] != LIVE) {
      throw unreadable(handle);
    }
    try {
      return session(handle, ByteBuffer.wrap(record, 1, record.length - 1));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw unreadable(handle);
    }
  }

  private static Session session(Handle handle, ByteBuffer in) {
    int flags = in.get();
    int generation = in.getShort() & 0xffff;
    Instant issued = Instant.ofEpochMilli(take(in, 6));
    Instant rotated = Instant.ofEpochMilli(take(in, 6));
    Instant seen = Instant.ofEpochMilli(take(in, 6));
    Instant deadline = Instant.ofEpochMilli(take(in, 6));
    Duration idle = Duration.ofMillis(take(in, 5));
    // Signed, unlike the others: the one time that an issuer chose.
    Instant authenticated = Instant.ofEpochMilli(take(in, 6) << 16 >> 16);
    byte[] seed = new byte[Seed.LENGTH];
    in.get(seed);
    Device device =
        new Device(BROWSERS.get(in.get()), PLATFORMS.get(in.get()), in.getInt(), in.getInt());
    String subject = "";
    String acr = "";
    String amr = "";
    Tenant tenant = Tenant.DEFAULT;
    ClientClass clientClass = ClientClass.BROWSER;
    String attribute = "";
    Map<String, String> attributes = new HashMap<>();
    Optional<Binding> binding = Optional.empty();
    SignalHashes signals = SignalHashes.NONE;
    while (in.hasRemaining()) {
      int tag = in.get() & 0xff;
      byte[] bytes = new byte[(tag & LONG) == 0 ? in.get() & 0xff : in.getShort() & 0xffff];
      in.get(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      switch (tag) {
        case SUBJECT -> subject = text;
        case ACR -> acr = text;
        case AMR -> amr = text;
        case TENANT -> tenant = new Tenant(text);
        case CLIENT_CLASS -> clientClass = new ClientClass(text);
        case ATTRIBUTE_NAME -> attribute = text;
        case BINDING -> binding = Optional.of(binding(ByteBuffer.wrap(bytes)));
        case SIGNALS -> signals = signals(ByteBuffer.wrap(bytes));
        case PLACES -> signals = places(ByteBuffer.wrap(bytes), signals);
        case ATTRIBUTE_VALUE -> attributes.put(attribute, text);
        default -> throw unreadable(handle);
      }
    }
    return new Session(
        handle,
        flags & KEY,
        generation,
        Seed.of(seed),
        tenant,
        new Subject(subject),
        new Authentication(
            authenticated, acr, amr.isEmpty() ? List.of() : List.of(amr.split(",", -1))),
        clientClass,
        device,
        attributes.isEmpty() ? Attributes.NONE : new Attributes(attributes),
        issued,
        seen,
        deadline,
        idle,
        rotated,
        (flags & SEEN) != 0,
        (flags & SEVERED) == 0,
        binding,
        signals);
  }

  private static Binding binding(ByteBuffer in) {
    Binding.Kind kind = KINDS.get(in.get());
    Instant since = Instant.ofEpochMilli(take(in, 6));
    byte[] key = new byte[in.remaining()];
    in.get(key);
    return new Binding(kind, since, new String(key, StandardCharsets.US_ASCII));
  }

  private static void put(ByteBuffer out, int tag, String text, String omitted) {
    if (!text.equals(omitted)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.put((byte) tag).put((byte) bytes.length).put(bytes);
    }
  }

  private static void put(ByteBuffer out, long value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) {
      out.put((byte) (value >>> (8 * i)));
    }
  }

  private static long take(ByteBuffer in, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = (value << 8) | (in.get() & 0xff);
    }
    return value;
  }

  static UnreadableRecordException unreadable(Handle handle) {
    return new UnreadableRecordException(
        "the record of handle " + handle + " can't be read by this version");
  }
}
