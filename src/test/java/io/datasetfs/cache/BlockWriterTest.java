package io.datasetfs.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockWriterTest {
  private static final int BYTES = 1000;

  private volatile boolean failing;

  private static byte[] block(int number) {
    byte[] raw = new byte[BYTES];
    raw[0] = (byte) number;
    return raw;
  }

  private boolean write(Digest digest, byte[] raw, boolean wanted) {
    if (failing) {
      throw new OutOfMemoryError("unexpected");
    }
    return true;
  }

  @Test
  void errorsDoNotEndTheThreadsAndAreWarnedOfOnce() throws Exception {
    try (Log log = new Log(BlockWriter.class);
        BlockWriter writer = new BlockWriter("test", 1, BYTES, this::write)) {
      failing = true;
      for (int i = 0; i < 3; i++) {
        Digest digest = Digest.compute(block(i));
        assertFalse(writer.keep(digest, block(i)));
        assertNull(writer.find(digest));
      }
      failing = false;
      assertTrue(writer.keep(Digest.compute(block(3)), block(3)));
      assertEquals(1, log.warnings().size(), log.toString());
    }
  }
}
