package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.symbolon.session.SecretText;

class KeyRingTest {
  private static final String BUCKET = "bucket " + Rings.secret(1) + "\n";
  private static final String SIGN = "key 0 sign " + Rings.secret(2) + "\n";

  @Test
  void readsCommentsBlanksAndBothAlphabets() {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 32; i++) {
      bytes[i] = (byte) (255 - i);
    }
    String plain = Base64.getEncoder().encodeToString(bytes);
    String url = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    assertThat(plain).isNotEqualTo(url);
    KeyRing one = Rings.ring("# c\n\n  " + BUCKET + " \tkey\t0  sign " + plain + " \r\n");
    KeyRing two = Rings.ring(BUCKET + "key 0 sign " + url);
    assertThat(one.text().reveal()).isEqualTo(two.text().reveal());
    assertThat(one.summary()).isEqualTo("0 sign");
  }

  @Test
  void writesWhatItReads() {
    KeyRing ring = KeyRing.generate(new SecureRandom());
    assertThat(Rings.ring(ring.text().reveal()).text().reveal()).isEqualTo(ring.text().reveal());
    assertThat(Rings.of("0 publish", "7 sign", "15 retire").summary())
        .isEqualTo("0 publish, 7 sign, 15 retire");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "S|0|bucket|add a line",
        "B|0|phase|no key signs",
        "B;key 0 publish K4|0|phase|no key signs",
        "B;S;B|3|bucket|keep one line",
        "bucket;S|1|bucket|write: bucket",
        "bucket K1 K2;S|1|bucket|write: bucket",
        "bucket !!!!|1|bucket|use base64",
        "bucket AAAA|1|bucket|3 bytes instead of 32",
        "bucket ZERO|1|bucket|not random",
        "B;key 0 sign ZERO|2|secret|not random",
        "B;key 0 sign ABAB|2|secret|not random",
        "B;key 0 sign K1|2|secret|the same as on a line above",
        "B;S;key 1 publish K2|3|secret|the same as on a line above",
        "B;key 0 sign AAAA|2|secret|3 bytes instead of 32",
        "B;key 0 sign LONG|2|secret|33 bytes instead of 32",
        "B;key 0 sign K5=====|2|secret|use base64",
        "B;key 0 sign|2|key|write: key",
        "B;key 0 sign K3 K4|2|key|write: key",
        "B;key 16 sign K3|2|id|0 to 15",
        "B;key -1 sign K3|2|id|0 to 15",
        "B;key 01 sign K3|2|id|0 to 15",
        "B;key ٣ sign K3|2|id|0 to 15",
        "B;S;key 0 publish K3|3|id|0 is taken",
        "B;S;key 1 sign K3|3|phase|a key above signs",
        "B;key 0 SIGN K3|2|phase|use publish",
        "B;key 0 verify K3|2|phase|use publish",
        "B;S;keys 1|3|line|begin with",
        "B;S;K7|3|line|begin with"
      })
  void refusesAndNamesTheLineTheFieldAndTheMend(
      String template, int line, String field, String mend) {
    String text = fill(template);
    assertThat(KeyRing.parse(new SecretText(text))).isInstanceOf(KeyRing.Faulty.class);
    if (KeyRing.parse(new SecretText(text)) instanceof KeyRing.Faulty fault) {
      assertThat(fault.line()).isEqualTo(line);
      assertThat(fault.field()).isEqualTo(field);
      assertThat(fault.mend()).contains(mend);
      for (int k = 1; k < 8; k++) {
        assertThat(fault.toString()).doesNotContain(Rings.secret(k));
      }
    }
  }

  private static String fill(String template) {
    String text =
        template
            .replace("ZERO", "A".repeat(43))
            .replace("ABAB", "QUJB".repeat(10) + "QUI")
            .replace("LONG", "QUJD".repeat(11));
    for (int k = 1; k < 8; k++) {
      text = text.replace("K" + k, Rings.secret(k));
    }
    StringBuilder lines = new StringBuilder();
    for (String line : text.split(";", -1)) {
      lines.append(
          switch (line) {
            case "B" -> BUCKET;
            case "S" -> SIGN;
            default -> line + "\n";
          });
    }
    return lines.toString();
  }
}
