package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.fetch.BlockFailures;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever bit is wrong in whatever object: a read gives the right bytes or says so. */
class FlippedBitsTest {
  private static final Logger LOG = Logger.getLogger(BlockFailures.class.getName());

  private final ReadFixture fixture = new ReadFixture(3, 700);

  @BeforeEach
  void quiet() {
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void loud() {
    LOG.setUseParentHandlers(true);
    fixture.close();
  }

  @Test
  void noFlippedBitGivesWrongBytes() throws FsException {
    Model.Directory model =
        new Model.Directory()
            .with("inline", Model.File.inline(ReadFixture.bytes(1, 60)))
            .with("noise", Model.File.of(ReadFixture.bytes(2, 2000)))
            .with(
                "text",
                Model.File.of(
                    "compressible ".repeat(200).getBytes(java.nio.charset.StandardCharsets.UTF_8)))
            .with("link", new Model.Link(Model.TIME, "text"))
            .with("sub", new Model.Directory().with("x", Model.File.of(new byte[] {1, 2, 3})));
    TreeEntry.Directory root = fixture.builder.store(model);
    Map<String, byte[]> expected = readAll(root);
    int corrupt = 0;
    int reads = 0;
    for (String key : fixture.store.memory().keys()) {
      byte[] right = fixture.store.find(key).orElseThrow().content();
      for (int i = 0; i < right.length; i++) {
        byte[] wrong = right.clone();
        wrong[i] ^= (byte) (1 << (i % 8));
        fixture.store.memory().overwrite(key, wrong);
        reads++;
        try {
          Map<String, byte[]> read = readAll(root);
          assertEquals(expected.keySet(), read.keySet());
          expected.forEach((path, bytes) -> assertArrayEquals(bytes, read.get(path), path));
        } catch (FsException e) {
          assertEquals(FailureKind.CORRUPT, e.kind(), e.getMessage());
          assertTrue(e.getMessage().contains(key), e.getMessage());
          corrupt++;
        }
      }
      fixture.store.memory().overwrite(key, right);
    }
    assertTrue(corrupt > reads / 2, corrupt + " of " + reads + " flips were noticed");
  }

  /** Every file's bytes, by a reader without a memory. */
  private Map<String, byte[]> readAll(TreeEntry.Directory root) throws FsException {
    DatasetReader reader = fixture.reader();
    Map<String, byte[]> all = new TreeMap<>();
    reader
        .tree(root)
        .walk(
            (path, entry) -> {
              if (entry instanceof TreeEntry.File file) {
                all.put(path, ReadFixture.read(reader.open(file), 0, (int) file.size()));
              } else if (entry instanceof TreeEntry.Symlink link) {
                all.put(path, link.target().getBytes(java.nio.charset.StandardCharsets.UTF_8));
              }
            });
    return all;
  }
}
