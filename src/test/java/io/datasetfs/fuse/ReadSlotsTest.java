package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReadSlotsTest {
  @Test
  void whatFindsNoSlotIsParkedAndComesInOrder() {
    ReadSlots slots = new ReadSlots(2);
    assertTrue(slots.enter(() -> new byte[] {1}));
    assertTrue(slots.enter(() -> new byte[] {2}));
    assertFalse(slots.enter(() -> new byte[] {3}));
    assertFalse(slots.enter(() -> new byte[] {4}));
    assertArrayEquals(new byte[] {3}, slots.leave());
    assertArrayEquals(new byte[] {4}, slots.leave());
    assertNull(slots.leave());
    assertTrue(slots.enter(() -> new byte[] {5}));
    assertFalse(slots.enter(() -> new byte[] {6}));
  }
}
