package io.datasetfs.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries that are well-framed and say what no entry can. */
final class EntryCodecTest {
  private static void assertCorrupt(Consumer<EncodedOutput> item) {
    PageBuilder builder = new PageBuilder(PageKind.ENTRIES);
    builder.indexOf(new Samples(1).block());
    item.accept(builder.items());
    builder.endItem();
    FsException failure =
        assertThrows(
            FsException.class, () -> DirectoryPage.decode(builder.toPage()).entry(0).name());
    assertEquals(FailureKind.CORRUPT, failure.kind(), failure.getMessage());
  }

  private static void start(EncodedOutput out, byte[] name, int type) {
    out.putString(name);
    out.putByte(type);
    out.putVarint(0644);
    out.putSignedVarint(0);
    out.putVarint(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/", "nul\0", "x256"})
  void namesThatAreNone(String name) {
    String given = name.equals("x256") ? "x".repeat(256) : name;
    assertCorrupt(
        out -> {
          start(out, Utf8.encode(given), 2);
          out.putString(new byte[0]);
        });
  }

  @Test
  void namesAndTargetsThatAreNotUtf8() {
    for (byte[] text :
        new byte[][] {
          {(byte) 0xff}, {(byte) 0xc0, (byte) 0x80}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
        }) {
      assertCorrupt(
          out -> {
            start(out, text, 2);
            out.putString(new byte[0]);
          });
      assertCorrupt(
          out -> {
            start(out, new byte[] {'l'}, 4);
            out.putString(text);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "x4096"})
  void targetsThatAreNone(String target) {
    String given = target.equals("x4096") ? "x".repeat(4096) : target;
    assertCorrupt(
        out -> {
          start(out, new byte[] {'l'}, 4);
          out.putString(Utf8.encode(given));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 255})
  void unknownTypes(int type) {
    assertCorrupt(out -> start(out, new byte[] {'x'}, type));
  }

  @Test
  void extentsThatDoNotCoverTheFile() {
    for (long size : new long[] {0, 9, 11, Long.MAX_VALUE}) {
      assertCorrupt(
          out -> {
            start(out, new byte[] {'x'}, 1);
            out.putVarint(size);
            out.putDigest(new Samples(1).digest());
            out.putVarint(1);
            out.putVarint(0);
            out.putVarint(10);
          });
    }
  }

  @Test
  void blocksLongerThanBlocksAre() {
    for (boolean stored : new boolean[] {true, false}) {
      BlockRef good = new Samples(1).block();
      int most = BlockCodec.MAX_BYTES;
      BlockRef long1 =
          new BlockRef(
              good.pack(),
              16,
              stored ? most + 1 : 1,
              stored ? 1 : most + 1,
              Codec.ZSTD,
              good.digest());
      PageBuilder builder = new PageBuilder(PageKind.EXTENTS);
      builder.indexOf(long1);
      builder.items().putVarint(1);
      builder.items().putVarint(0);
      builder.items().putVarint(1);
      builder.endItem();
      FsException failure =
          assertThrows(
              FsException.class, () -> ExtentPage.decode(builder.toPage()).extent(0).length());
      assertEquals(FailureKind.CORRUPT, failure.kind());
    }
  }

  @Test
  void childrenThatHoldNothing() {
    PageBuilder extents = new PageBuilder(PageKind.EXTENT_INDEX);
    extents.items().putVarint(0);
    extents.items().putVarint(extents.indexOf(new Samples(1).block()));
    extents.endItem();
    assertThrows(FsException.class, () -> ExtentPage.decode(extents.toPage()).child(0).length());
    PageBuilder names = new PageBuilder(PageKind.ENTRY_INDEX);
    names.items().putString(new byte[] {'a'});
    names.items().putVarint(0);
    names.items().putVarint(names.indexOf(new Samples(1).block()));
    names.endItem();
    assertThrows(FsException.class, () -> DirectoryPage.decode(names.toPage()).child(0).entries());
  }
}
