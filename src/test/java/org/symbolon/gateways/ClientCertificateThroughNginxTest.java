package org.symbolon.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.Certificate;
import org.symbolon.http.Rig;
import org.symbolon.http.TlsClient;
import org.symbolon.http.Wire.Answer;

/**
 * Clients with certificates by openssl, through nginx' recipe with the lines that README.md names.
 */
class ClientCertificateThroughNginxTest {
  @TempDir private Path folder = Path.of("");

  private static String withCertificates(String recipe, Certificate authority) {
    return recipe
        .replace(
            "    ssl_protocols ",
            "    ssl_client_certificate "
                + authority.chain()
                + ";\n    ssl_verify_client optional;\n    ssl_protocols ")
        .replace(
            "proxy_set_header Client-Cert \"\";",
            "proxy_set_header Client-Cert $ssl_client_escaped_cert;");
  }

  private static Answer login(TlsClient client, int port, Stage stage, String... fields)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("Content-Type: application/jwt"));
    all.addAll(List.of(fields));
    return client.call(port, "POST /v1/login", all, stage.node().assertion("alice"));
  }

  private static Answer page(TlsClient client, int port, String... fields) throws Exception {
    return client.call(port, "GET /page", List.of(fields), "");
  }

  @Test
  void aSessionIsGoodWithTheCertificateOfItsLogin() throws Exception {
    Path stuff = Files.createDirectory(folder.resolve("stage"));
    Certificate authority = Certificate.selfSigned(folder, "authority");
    Certificate alice = authority.sign(folder, "alice");
    Certificate mallory = authority.sign(folder, "mallory");
    Map<String, String> settings = Map.of("binding.certificate", "enforce");
    try (Stage stage = Stage.set(stuff, settings);
        RunningGateway gateway =
            RunningGateway.start(
                RunningGateway.Daemon.NGINX, stage, text -> withCertificates(text, authority))) {
      int port = Integer.parseInt(gateway.visitor().origin().replaceFirst(".*:", ""));
      TlsClient owner = TlsClient.with(alice);
      TlsClient thief = TlsClient.with(mallory);
      Answer answer = login(owner, port, stage);
      assertThat(answer.body()).contains("\"binding\":\"certificate\"");
      String cookie = Rig.cookie(answer);
      assertThat(page(owner, port, cookie).status()).isEqualTo(200);
      assertThat(page(thief, port, cookie).one("WWW-Authenticate")).contains("binding-wrong");
      assertThat(page(TlsClient.plain(), port, cookie).one("WWW-Authenticate"))
          .contains("binding-missing");
      String claimed =
          "Client-Cert: :"
              + Files.readString(alice.chain()).replaceAll("-----[A-Z ]+-----|\\s", "")
              + ":";
      assertThat(page(TlsClient.plain(), port, cookie, claimed).one("WWW-Authenticate"))
          .contains("binding-missing");
      assertThat(page(thief, port, cookie, claimed).one("WWW-Authenticate"))
          .contains("binding-wrong");
      assertThat(login(TlsClient.plain(), port, stage, claimed).body())
          .contains("\"binding\":\"none\"");
      Certificate foreign = Certificate.selfSigned(folder, "another").sign(folder, "eve");
      assertThat(page(TlsClient.with(foreign), port, cookie).status()).isEqualTo(400);
      assertThat(page(owner, port, cookie).status()).isEqualTo(200);
    }
  }
}
