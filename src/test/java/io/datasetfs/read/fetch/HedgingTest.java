package io.datasetfs.read.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HedgingTest {
  private final Hedging hedging = new Hedging(100);

  @Test
  void aSecondRequestPaysWhenTheFirstTakesFarLongerThanUsual() {
    for (int i = 0; i < 128; i++) {
      hedging.completed(50 + i % 10);
    }
    assertFalse(hedging.pays(150));
    assertTrue(hedging.pays(180));
  }

  @Test
  void noneIsMadeBeforeWhatIsUsualIsKnownNorInATrice() {
    assertFalse(hedging.pays(1_000_000));
    for (int i = 0; i < 8; i++) {
      hedging.completed(1);
    }
    assertFalse(hedging.pays(99));
    assertTrue(hedging.pays(100));
  }

  @Test
  void fewOfAllRequestsAreDoubled() {
    int doubled = 0;
    for (int i = 0; i < 1000; i++) {
      hedging.completed(10);
      if (hedging.pays(1000)) {
        hedging.hedged();
        doubled++;
      }
    }
    assertEquals(31, doubled, 1);
  }
}
