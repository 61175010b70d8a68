package io.datasetfs.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Drafts;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry.FileContent;
import io.datasetfs.model.Utf8;
import io.datasetfs.model.VersionId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever bytes are read, reading ends in a value or says what is wrong with them. */
@Timeout(120)
final class DamageTest {
  private static final Set<FailureKind> EXPECTED =
      EnumSet.of(FailureKind.CORRUPT, FailureKind.NEWER_FORMAT);
  private static final Instant TIME = Instant.parse("2026-11-22T18:00:00.123456789Z");

  /** Everything that is stored. */
  enum Stored {
    DIRECTORY {
      @Override
      byte[] sample() throws FsException {
        PageStore pages = new PageStore();
        DirectoryWriter writer = new DirectoryWriter(pages);
        Samples samples = new Samples(1);
        for (String name : samples.names(40, 10)) {
          writer.add(samples.entry(name));
        }
        return pages.load(writer.finish());
      }

      @Override
      void read(byte[] bytes) throws FsException {
        readDirectory(bytes);
      }
    },
    DIRECTORY_INDEX {
      @Override
      byte[] sample() throws FsException {
        PageStore pages = new PageStore();
        IndexWriter writer = new IndexWriter(PageKind.ENTRY_INDEX, pages);
        Samples samples = new Samples(2);
        for (String name : samples.names(20, 10)) {
          writer.add(Utf8.encode(name), 5, samples.block());
        }
        return pages.load(writer.finish());
      }

      @Override
      void read(byte[] bytes) throws FsException {
        readDirectory(bytes);
      }
    },
    EXTENTS {
      @Override
      byte[] sample() throws FsException {
        PageStore pages = new PageStore();
        ExtentWriter writer = new ExtentWriter(pages);
        for (var extent : new Samples(3).extents(80)) {
          writer.add(extent);
        }
        FileContent.Paged paged = (FileContent.Paged) writer.finish();
        return pages.load(paged.page());
      }

      @Override
      void read(byte[] bytes) throws FsException {
        readExtents(bytes);
      }
    },
    EXTENT_INDEX {
      @Override
      byte[] sample() throws FsException {
        PageStore pages = new PageStore();
        IndexWriter writer = new IndexWriter(PageKind.EXTENT_INDEX, pages);
        Samples samples = new Samples(4);
        for (int i = 0; i < 30; i++) {
          writer.add(new byte[0], 1 + samples.below(1 << 30), samples.block());
        }
        return pages.load(writer.finish());
      }

      @Override
      void read(byte[] bytes) throws FsException {
        readExtents(bytes);
      }
    },
    PACK {
      @Override
      byte[] sample() {
        return PackLayoutTest.sample(PackKind.DATA, 5, 6).pack();
      }

      @Override
      void read(byte[] bytes) throws FsException {
        PackIndex index = PackLayout.readIndex(PageStore.PACK, ByteBuffer.wrap(bytes));
        for (PackIndex.Block block : index.blocks()) {
          BlockRef ref = block.ref();
          int from = (int) ref.offset();
          BlockCodec.decode(
              ref, ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, from + ref.storedLength())));
        }
      }
    },
    /** Its SHA-256 keeps damage away from the index; here a reader meets it all the same. */
    PACK_INDEX {
      @Override
      byte[] sample() {
        return PackLayoutTest.sample(PackKind.DATA, 6, 6).index().encode();
      }

      @Override
      void read(byte[] bytes) throws FsException {
        PackIndex.decode(PageStore.PACK, PackKind.DATA, bytes);
      }
    },
    HEAD {
      @Override
      byte[] sample() {
        VersionId one = new VersionId("x81kq0a");
        VersionId two = new VersionId("fo5rp4m");
        TreeMap<String, VersionId> tags = new TreeMap<>();
        tags.put("golden", one);
        return HeadCodec.encode(
            DatasetHead.empty(new DatasetId("dst364npcw6ccok"), "icons", "", TIME, "w")
                .withVersions(
                    7,
                    List.of(
                        Drafts.draft(two, "new").published(7, TIME),
                        Drafts.draft(one, "old").published(6, TIME)))
                .withTags(tags));
      }

      @Override
      void read(byte[] bytes) throws FsException {
        HeadCodec.decode(bytes, "head");
      }
    },
    REPOSITORY {
      @Override
      byte[] sample() {
        return new RepositoryFormat(1, TIME, RepositoryFormat.Parameters.DEFAULT).encode();
      }

      @Override
      void read(byte[] bytes) throws FsException {
        RepositoryFormat.decode(bytes, "store");
      }
    };

    abstract byte[] sample() throws FsException;

    abstract void read(byte[] bytes) throws FsException;
  }

  private static void readDirectory(byte[] bytes) throws FsException {
    DirectoryPage page = DirectoryPage.decode(bytes);
    for (int i = 0; i < page.size(); i++) {
      if (page.isIndex()) {
        page.child(i);
      } else {
        page.entry(i);
      }
    }
    page.find(new byte[] {'m'});
  }

  private static void readExtents(byte[] bytes) throws FsException {
    ExtentPage page = ExtentPage.decode(bytes);
    for (int i = 0; i < page.size(); i++) {
      if (page.isIndex()) {
        page.child(i);
      } else {
        page.extent(i);
      }
    }
  }

  /** Whether it could be read. */
  private static boolean tryToRead(Stored stored, byte[] bytes, String what) {
    try {
      stored.read(bytes);
      return true;
    } catch (FsException e) {
      assertTrue(EXPECTED.contains(e.kind()), () -> what + ": " + e.kind() + " " + e);
      assertEquals(-1, e.getMessage().indexOf('\n'), what);
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + ": " + e, e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSampleCanBeRead(Stored stored) throws FsException {
    stored.read(stored.sample());
  }

  @ParameterizedTest
  @EnumSource
  void noTruncationCanBeRead(Stored stored) throws FsException {
    byte[] whole = stored.sample();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      boolean justTheLastLineFeed = length == whole.length - 1 && whole[length] == '\n';
      boolean read = tryToRead(stored, cut, stored + " of " + length + " bytes");
      assertEquals(justTheLastLineFeed, read, stored + " of " + length + " bytes");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyMutationIsReadOrRefused(Stored stored) throws FsException {
    byte[] whole = stored.sample();
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] mutated = whole.clone();
      int changes = 1 + random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        int at = random.nextInt(mutated.length);
        switch (random.nextInt(5)) {
          case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
          case 1 -> mutated[at] = (byte) random.nextInt(256);
          case 2 -> mutated[at] = (byte) (random.nextBoolean() ? 0xff : 0x80);
          case 3 -> {
            int length = Math.min(random.nextInt(16), mutated.length - at);
            Arrays.fill(mutated, at, at + length, (byte) -random.nextInt(2));
          }
          default -> {
            int from = random.nextInt(mutated.length);
            int length = Math.min(random.nextInt(30), mutated.length - Math.max(at, from));
            System.arraycopy(mutated, from, mutated, at, length);
          }
        }
      }
      tryToRead(stored, mutated, stored + " with seed " + seed);
    }
  }

  /** Small integers in the fixed part decide how much is allocated. */
  @ParameterizedTest
  @EnumSource(names = {"DIRECTORY", "DIRECTORY_INDEX", "EXTENTS", "EXTENT_INDEX"})
  void countsThatLieAreRefused(Stored stored) throws FsException {
    byte[] whole = stored.sample();
    for (int at = 2; at < Page.FIXED_BYTES; at += 4) {
      for (int lie : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 28, 1 << 20}) {
        byte[] mutated = whole.clone();
        ByteBuffer.wrap(mutated).putInt(at, lie);
        assertTrue(!tryToRead(stored, mutated, stored + " count " + lie), stored + " " + lie);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECTORY", "DIRECTORY_INDEX", "EXTENTS", "EXTENT_INDEX"})
  void aNewerPageIsRefusedByName(Stored stored) throws FsException {
    byte[] newer = stored.sample();
    newer[1] = 2;
    assertNewer(stored, newer, "a tree page has format 2, this release knows 1 (update dsfs)");
    newer[0] = 77;
    assertNewer(stored, newer, "a tree page has format 2, this release knows 1 (update dsfs)");
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAD", "REPOSITORY"})
  void aNewerDocumentIsRefusedByName(Stored stored) throws FsException {
    String json = new String(stored.sample(), java.nio.charset.StandardCharsets.UTF_8);
    int known = stored == Stored.HEAD ? 2 : 1;
    String newer = json.replaceFirst("\"format\" : 1", "\"format\" : " + (known + 1));
    String name = stored == Stored.HEAD ? "head" : "store";
    assertNewer(
        stored,
        Utf8.encode(newer),
        name
            + " was written in storage format %d by a newer release; this one knows formats up to %d"
                .formatted(known + 1, known)
            + " (update dsfs)");
  }

  private static void assertNewer(Stored stored, byte[] bytes, String message) {
    FsException failure = assertThrows(FsException.class, () -> stored.read(bytes));
    assertEquals(FailureKind.NEWER_FORMAT, failure.kind());
    assertEquals(message, failure.getMessage());
  }

  @Test
  void whatNoWriterWritesIsRefused() {
    // A varint of more than 64 bits, whose rest would be lost.
    byte[] tooLong = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 2};
    FsException failure =
        assertThrows(FsException.class, () -> new EncodedInput(tooLong).getVarint());
    assertEquals(FailureKind.CORRUPT, failure.kind());
  }
}
