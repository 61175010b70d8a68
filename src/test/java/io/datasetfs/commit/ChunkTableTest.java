package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.datasetfs.model.Digest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class ChunkTableTest {
  /** Digests whose first words meet in the table's lowest bits, as the worst case. */
  private static Digest digest(long number, boolean colliding) {
    ByteBuffer bytes = ByteBuffer.allocate(Digest.LENGTH);
    bytes.putLong(colliding ? number << 40 : number * 0x9e3779b97f4a7c15L);
    bytes.putLong(1).putLong(2).putLong(number);
    return Digest.of(bytes.array());
  }

  @Test
  void everyChunkIsFoundAgainWhereItWasClaimed() {
    for (boolean colliding : new boolean[] {true, false}) {
      int count = colliding ? 3000 : 100_000;
      ChunkTable table = new ChunkTable();
      List<BlockSlot> slots = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        slots.add(new BlockSlot());
        assertNull(table.claim(digest(i, colliding), slots.get(i), i, i + 1));
      }
      assertEquals(count, table.size());
      for (int i = 0; i < count; i++) {
        Placement found = table.find(digest(i, colliding));
        assertSame(slots.get(i), found.slot());
        assertEquals(i, found.offset());
        assertEquals(i + 1, found.length());
      }
      assertNull(table.find(digest(count, colliding)));
    }
  }

  @Test
  void theFirstClaimHolds() {
    ChunkTable table = new ChunkTable();
    BlockSlot first = new BlockSlot();
    assertNull(table.claim(digest(1, false), first, 5, 6));
    Placement known = table.claim(digest(1, false), new BlockSlot(), 7, 8);
    assertEquals(new Placement(first, 5, 6), known);
    assertEquals(1, table.size());
  }

  @Test
  void ofSeveralThreadsOneGetsAChunk() throws Exception {
    ChunkTable table = new ChunkTable();
    int count = 50_000;
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> claims = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        claims.add(
            threads.submit(
                () -> {
                  int claimed = 0;
                  for (int i = 0; i < count; i++) {
                    claimed += table.claim(digest(i, false), new BlockSlot(), 0, 1) == null ? 1 : 0;
                  }
                  return claimed;
                }));
      }
      int sum = 0;
      for (Future<Integer> claim : claims) {
        sum += claim.get();
      }
      assertEquals(count, sum);
      for (int i = 0; i < count; i++) {
        assertNotNull(table.find(digest(i, false)));
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
