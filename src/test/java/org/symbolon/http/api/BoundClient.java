package org.symbolon.http.api;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.symbolon.Certificate;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Rig;
import org.symbolon.http.TlsClient;
import org.symbolon.http.TlsFiles;
import org.symbolon.http.TrustedPeers;
import org.symbolon.http.Wire.Answer;
import org.symbolon.proof.SoftClient;
import org.symbolon.proof.SoftDevice;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;

/**
 * A client whose session is bound in one way, over a service that holds every way alike; and a
 * thief of its session cookie.
 */
final class BoundClient implements AutoCloseable {
  final Rig rig = new Rig();
  final int port;
  private final Binding.Kind kind;
  private final Path folder;
  private final Certificate authority;
  private final Certificate certificate;
  private final TlsClient owner;
  private final TlsClient.Connection own;
  private final SoftClient program = new SoftClient();
  private final SoftDevice device = SoftDevice.ec();
  private final List<AutoCloseable> open = new ArrayList<>();
  private String nonce = "";
  private String boundCookie = "";
  private String cookie = "";

  /** What a request shows, and over which connection. */
  record Shown(TlsClient.Connection over, List<String> fields) {}

  /** A request without a good proof, and what it is refused for. */
  record Bad(String reason, Shown shown) {}

  BoundClient(Binding.Kind kind, Path folder) throws Exception {
    this.kind = kind;
    this.folder = folder;
    hold(BindingPolicy.Rung.ENFORCE);
    Certificate server = Certificate.selfSigned(folder, "localhost");
    authority = Certificate.selfSigned(folder, "authority");
    certificate = authority.sign(folder, "alice");
    TlsFiles files =
        new TlsFiles(
            server.chain(), server.key(), Optional.of(authority.chain()), Duration.ofMinutes(1));
    port =
        rig.open(
            Rig.on(
                usual ->
                    new ListenerSettings(
                        "127.0.0.1", 0, Optional.of(files), TrustedPeers.NONE, usual.limits(), 1)));
    boolean showsCertificate =
        kind == Binding.Kind.CERTIFICATE || kind == Binding.Kind.CERTIFICATE_KEY;
    owner = showsCertificate ? TlsClient.with(certificate) : TlsClient.plain();
    own = connect(owner);
  }

  /** Puts every kind on one rung, but for the certificate where its key is what is bound to. */
  void hold(BindingPolicy.Rung rung) {
    Map<Binding.Kind, BindingPolicy.Rung> rungs = new EnumMap<>(Binding.Kind.class);
    for (Binding.Kind each : Binding.Kind.values()) {
      rungs.put(each, rung);
    }
    if (kind == Binding.Kind.CERTIFICATE_KEY) {
      rungs.remove(Binding.Kind.CERTIFICATE);
    }
    rig.bindings = new BindingPolicy(rungs, false, Duration.ofMinutes(1), Duration.ofMinutes(10));
  }

  private TlsClient.Connection connect(TlsClient client) throws IOException {
    TlsClient.Connection connection = client.connect(port);
    open.add(connection);
    return connection;
  }

  Answer call(Shown shown, String line) {
    List<String> fields = new ArrayList<>(shown.fields);
    return shown.over.call(line, fields, "");
  }

  private String url(String path) {
    return "https://localhost:" + port + path;
  }

  private long seconds() {
    return rig.store.now.getEpochSecond();
  }

  /** Logs in and binds the session; gives the session cookie's field. */
  String bind() {
    List<String> fields = new ArrayList<>(List.of("Content-Type: application/jwt"));
    switch (kind) {
      case DPOP -> {
        List<String> first = new ArrayList<>(fields);
        first.add("DPoP: " + program.proof("POST", url("/v1/login"), seconds(), "", ""));
        nonce = own.call("POST /v1/login", first, "ok.alice").one("DPoP-Nonce");
        fields.add("DPoP: " + program.proof("POST", url("/v1/login"), seconds(), nonce, ""));
      }
      case TLS_EXPORTER -> fields.add("Channel-Binding: tls-exporter");
      case DBSC, CERTIFICATE, CERTIFICATE_KEY -> {}
    }
    Answer answer = own.call("POST /v1/login", fields, "ok.alice");
    cookie = Rig.cookie(answer);
    if (kind == Binding.Kind.DBSC) {
      boundCookie = register(answer, device);
      rig.store.now = rig.store.now.plus(Binding.UNDER_WAY);
    }
    return cookie;
  }

  /** Registers a device; gives the cookie that shows it. */
  private String register(Answer login, SoftDevice with) {
    String offer = login.one("Secure-Session-Registration");
    String challenge = offer.replaceFirst(".*\"([A-Za-z0-9_-]{60})\".*", "$1");
    Answer registered =
        own.call(
            "POST /.session/dbsc/register",
            List.of("Secure-Session-Response: " + with.registration(challenge)),
            "");
    return Rig.cookie(registered).substring("Cookie: ".length());
  }

  /** Of the owner, with a proof. */
  Shown good(String method, String path) {
    return switch (kind) {
      case DBSC -> new Shown(own, List.of(cookie + "; " + boundCookie));
      case DPOP -> new Shown(own, List.of(cookie, proof(program, method, path)));
      case CERTIFICATE, CERTIFICATE_KEY, TLS_EXPORTER -> new Shown(own, List.of(cookie));
    };
  }

  private String proof(SoftClient signer, String method, String path) {
    return "DPoP: " + signer.proof(method, url(path), seconds(), nonce, id());
  }

  private String id() {
    return cookie.replaceFirst(".*=", "");
  }

  /** Of the thief, who has the session cookie alone. */
  Shown missing() throws Exception {
    return new Shown(connect(TlsClient.plain()), List.of(cookie));
  }

  /**
   * Requests for {@code GET /v1/validate} with everything but a good proof, by what is the matter.
   */
  Map<String, Bad> bad() throws Exception {
    Map<String, Bad> bad = new LinkedHashMap<>();
    switch (kind) {
      case DBSC -> {
        bad.put("missing", new Bad("binding-missing", missing()));
        Answer other =
            own.call("POST /v1/login", List.of("Content-Type: application/jwt"), "ok.mallory");
        String foreign = register(other, SoftDevice.ec());
        bad.put("wrong", new Bad("binding-wrong", with(missing(), "Cookie: " + foreign)));
        bad.put(
            "forged",
            new Bad(
                "binding-wrong",
                with(missing(), "Cookie: " + boundCookie.replaceFirst(".$", "!"))));
      }
      case DPOP -> {
        bad.put("missing", new Bad("binding-missing", missing()));
        String used = proof(program, "GET", "/v1/validate");
        call(with(missing(), used), "GET /v1/validate");
        bad.put("replayed", new Bad("binding-replayed", with(missing(), used)));
        bad.put(
            "wrong",
            new Bad(
                "binding-wrong", with(missing(), proof(new SoftClient(), "GET", "/v1/validate"))));
        String old = program.proof("GET", url("/v1/validate"), seconds() - 300, nonce, id());
        bad.put("stale", new Bad("binding-stale", with(missing(), "DPoP: " + old)));
      }
      case CERTIFICATE, CERTIFICATE_KEY -> {
        bad.put("missing", new Bad("binding-missing", missing()));
        bad.put("wrong", new Bad("binding-wrong", mallory()));
        if (kind == Binding.Kind.CERTIFICATE) {
          TlsClient renewed = TlsClient.with(authority.renew(folder, certificate, "alice"));
          bad.put("stale", new Bad("binding-wrong", new Shown(connect(renewed), List.of(cookie))));
        }
        bad.put("told by nobody", new Bad("binding-missing", with(missing(), told())));
        bad.put("told beside another", new Bad("binding-wrong", with(mallory(), told())));
      }
      case TLS_EXPORTER -> {
        bad.put("another connection", new Bad("binding-wrong", missing()));
        bad.put("told", new Bad("binding-wrong", with(missing(), "Channel-Binding: tls-exporter")));
        TlsClient.Connection old = owner.connect(port, "TLSv1.2");
        open.add(old);
        bad.put("missing", new Bad("binding-missing", new Shown(old, List.of(cookie))));
      }
    }
    return bad;
  }

  private Shown mallory() throws Exception {
    return new Shown(connect(TlsClient.with(authority.sign(folder, "mallory"))), List.of(cookie));
  }

  private String told() throws IOException {
    return "Client-Cert: :"
        + java.nio.file.Files.readString(certificate.chain())
            .replaceAll("-----[A-Z ]+-----|\\s", "")
        + ":";
  }

  private static Shown with(Shown shown, String field) {
    List<String> fields = new ArrayList<>(shown.fields);
    fields.add(field);
    return new Shown(shown.over, fields);
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    rig.close();
  }
}
