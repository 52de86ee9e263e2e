package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DerivedKeyTest {
  private static BigInteger hex(String text) {
    return new BigInteger(text, 16);
  }

  /** RFC 6979 section A.2.5. */
  @Test
  void isThePairOfTheStandard() {
    ECKey key =
        DerivedKey.ofScalar(
            hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"));
    assertThat(key.getX().decodeToBigInteger())
        .isEqualTo(hex("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"));
    assertThat(key.getY().decodeToBigInteger())
        .isEqualTo(hex("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"));
  }

  /** The generator itself, and its negative: both halves of the choice of y. */
  @Test
  void findsBothOrdinates() {
    String generatorX = "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296";
    String order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    ECKey one = DerivedKey.ofScalar(BigInteger.ONE);
    ECKey minusOne = DerivedKey.ofScalar(hex(order).subtract(BigInteger.ONE));
    assertThat(one.getX().decodeToBigInteger()).isEqualTo(hex(generatorX));
    assertThat(minusOne.getX()).isEqualTo(one.getX());
    assertThat(minusOne.getY()).isNotEqualTo(one.getY());
  }

  @Test
  void isTheSameForTheSameBitsAlone() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      byte[] bits = new byte[DerivedKey.BYTES];
      bits[i * 2] = 1;
      assertThat(DerivedKey.of(bits)).isEqualTo(DerivedKey.of(bits));
      names.add(DerivedKey.of(bits).getKeyID());
    }
    assertThat(names).hasSize(20);
    assertThatThrownBy(() -> DerivedKey.of(new byte[32]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
