package io.datasetfs.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DigestTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void itIsSha256() {
    byte[] abc = "xabcx".getBytes(StandardCharsets.US_ASCII);
    assertEquals(ABC, Digest.compute(abc, 1, 3).toString());
    assertEquals(Digest.parse(ABC), Digest.compute(abc, 1, 3));
    assertEquals(0xba7816bf8f01cfeaL, Digest.parse(ABC).word(0));
    assertEquals(0xb410ff61f20015adL, Digest.parse(ABC).word(3));
  }

  @Test
  void bytesComeBackAndOrderIsTheirs() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      byte[] one = new byte[Digest.LENGTH];
      random.nextBytes(one);
      byte[] other = one.clone();
      other[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
      assertArrayEquals(one, Digest.of(one).bytes());
      assertNotEquals(Digest.of(one), Digest.of(other));
      assertEquals(
          Integer.signum(Arrays.compareUnsigned(one, other)),
          Integer.signum(Digest.of(one).compareTo(Digest.of(other))));
      PackId pack = new PackId(random.nextLong(), random.nextLong());
      assertEquals(pack, PackId.parse(pack.toString()));
    }
  }

  @Test
  void whatIsNoneIsRefused() {
    for (String text : new String[] {"", "00", ABC + "00", "g".repeat(64)}) {
      assertThrows(IllegalArgumentException.class, () -> Digest.parse(text));
      assertThrows(IllegalArgumentException.class, () -> PackId.parse(text));
    }
    assertThrows(IllegalArgumentException.class, () -> PackId.parse("A".repeat(32)));
  }
}
