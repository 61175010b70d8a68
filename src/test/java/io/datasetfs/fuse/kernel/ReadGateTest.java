package io.datasetfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReadGateTest {
  /** Above what the kernel gives to threads. */
  private static final int NOBODY = 1 << 30;

  private final ReadGate gate = new ReadGate(2);

  private static ReadGate.Read read(long unique) {
    return new ReadGate.Read(unique, unique == 4 ? NOBODY : 0, 1, 0, 10);
  }

  @Test
  void whoIsTooManyStandsInLine() {
    assertTrue(gate.enter(read(1)));
    assertTrue(gate.enter(read(2)));
    assertFalse(gate.enter(read(3)));
    assertFalse(gate.enter(read(4)));
    assertEquals(read(3), gate.leave());
    assertFalse(gate.enter(read(5)));
    assertFalse(gate.cancel(5), "he is there");
    assertTrue(gate.cancel(4));
    assertFalse(gate.cancel(4));
    assertFalse(gate.cancel(1));
    assertEquals(read(5), gate.leave());
    assertNull(gate.leave());
    assertTrue(gate.enter(read(6)));
    assertFalse(gate.enter(read(7)));
  }
}
