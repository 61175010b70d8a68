package io.datasetfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GateTest {
  /** Above what the kernel gives to threads. */
  private static final int NOBODY = 1 << 30;

  private final Gate<Asked> gate = new Gate<>(2);

  private record Asked(long unique, int caller) implements Gate.Waiting {}

  private static Asked request(long unique) {
    return new Asked(unique, unique == 4 ? NOBODY : 0);
  }

  private boolean enter(long unique) {
    return gate.enter(() -> request(unique));
  }

  @Test
  void whoIsTooManyStandsInLine() {
    assertTrue(enter(1));
    assertTrue(enter(2));
    assertFalse(enter(3));
    assertFalse(enter(4));
    assertEquals(request(3), gate.leave());
    assertFalse(enter(5));
    assertNull(gate.cancel(5), "he is there");
    assertEquals(request(4), gate.cancel(4));
    assertNull(gate.cancel(4));
    assertNull(gate.cancel(1));
    assertEquals(request(5), gate.leave());
    assertNull(gate.leave());
    assertTrue(enter(6));
    assertFalse(enter(7));
  }
}
