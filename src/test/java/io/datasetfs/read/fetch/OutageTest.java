package io.datasetfs.read.fetch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OutageTest {
  private final Outage outage = new Outage(100);

  @Test
  void aStoreIsDownWhenItHasFailedForLongerThanThePatience() {
    assertFalse(outage.isDown(1000));
    outage.failed(1000);
    outage.failed(1050);
    assertFalse(outage.isDown(1099));
    assertTrue(outage.isDown(1100));
    outage.answered(1150);
    assertFalse(outage.isDown(1150));
  }

  @Test
  void aTryThatHungWhileOthersWereAnsweredIsNoOutage() {
    outage.answered(1090);
    outage.failed(1000);
    assertFalse(outage.isDown(1110));
    assertTrue(outage.isDown(1190));
  }
}
