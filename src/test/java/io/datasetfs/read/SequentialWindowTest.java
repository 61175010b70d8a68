package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.datasetfs.read.SequentialWindow.Range;
import org.junit.jupiter.api.Test;

class SequentialWindowTest {
  private static final int MIB = 1 << 20;
  private static final int KIB_128 = 128 << 10;

  private final SequentialWindow window = new SequentialWindow(100L * MIB);

  @Test
  void oneReadIsNoSequence() {
    assertNull(window.advance(0, KIB_128));
  }

  @Test
  void theSecondReadInARowBegins() {
    window.advance(0, KIB_128);
    assertEquals(new Range(2 * KIB_128, 2 * KIB_128 + MIB), window.advance(KIB_128, KIB_128));
  }

  @Test
  void everythingIsLoadedOnceAndNothingIsLeftOut() {
    long loaded = -1;
    for (long at = 0; at < 100L * MIB; at += KIB_128) {
      Range range = window.advance(at, KIB_128);
      if (range != null) {
        assertEquals(loaded < 0 ? at + KIB_128 : loaded, range.from());
        loaded = range.to();
      }
    }
    assertEquals(100L * MIB, loaded);
  }

  @Test
  void requestsOutOfOrderAreStillASequence() {
    window.advance(KIB_128, KIB_128);
    assertNotNull(window.advance(0, KIB_128));
    assertNotNull(window.advance(3 * KIB_128, KIB_128));
    assertNotNull(window.advance(2 * KIB_128, KIB_128));
  }

  @Test
  void aJumpEndsItAndItBeginsAnew() {
    window.advance(0, KIB_128);
    window.advance(KIB_128, KIB_128);
    assertNull(window.advance(50L * MIB, KIB_128));
    assertNull(window.advance(50L * MIB + KIB_128, KIB_128));
    assertNotNull(window.advance(50L * MIB + 2 * KIB_128, KIB_128));
  }

  @Test
  void nothingBehindTheEndIsLoaded() {
    SequentialWindow small = new SequentialWindow(1000);
    small.advance(0, 400);
    assertEquals(new Range(800, 1000), small.advance(400, 400));
    assertNull(small.advance(800, 200));
  }
}
