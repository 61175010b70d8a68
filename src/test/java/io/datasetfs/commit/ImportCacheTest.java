package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.Digest;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered between imports, and what becomes of it when the disk does as it likes. */
final class ImportCacheTest {
  private static final int FILES = 50;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("cache/name");
  }

  private static ImportCache.Known known(int number) {
    Digest digest = Digest.compute(Utf8.encode("file " + number));
    List<ImportCache.Part> parts = new ArrayList<>();
    for (int i = 0; i <= number % 3; i++) {
      boolean hole = number % 5 == 0 && i == 1;
      parts.add(
          new ImportCache.Part(
              Chunker.MIN + i, hole ? null : Digest.compute(Utf8.encode(number + "." + i))));
    }
    return new ImportCache.Known(
        key(number),
        1000 + number,
        parts.stream().mapToLong(ImportCache.Part::length).sum(),
        new Stamp(-number, 5),
        new Stamp(number, 999_999_999),
        digest,
        parts);
  }

  private static byte[] key(int number) {
    return Utf8.encode("dir\0file-%05d".formatted(number));
  }

  private static String text(ImportCache.Known known) {
    return new String(known.key(), java.nio.charset.StandardCharsets.UTF_8)
        + known.inode()
        + known.size()
        + known.mtime()
        + known.ctime()
        + known.digest()
        + known.parts();
  }

  private void write() throws IOException {
    try (ImportCache cache = ImportCache.open(file)) {
      for (int i = 0; i < FILES; i++) {
        cache.add(known(2 * i));
      }
      cache.keep();
    }
  }

  @Test
  void whatWasNotedIsKnownTheNextTime() throws IOException {
    write();
    try (ImportCache cache = ImportCache.open(file)) {
      for (int i = 0; i < 2 * FILES; i++) {
        ImportCache.Known found = cache.find(key(i));
        if (i % 2 == 0) {
          assertEquals(text(known(i)), text(found));
        } else {
          assertNull(found);
        }
      }
      assertNull(cache.find(key(99_999)));
    }
  }

  @Test
  void skippedFilesDoNotHideLaterOnes() throws IOException {
    write();
    try (ImportCache cache = ImportCache.open(file)) {
      assertNull(cache.find(Utf8.encode("a")));
      assertEquals(text(known(40)), text(cache.find(key(40))));
      assertNull(cache.find(key(2)));
      assertEquals(text(known(98)), text(cache.find(key(98))));
    }
  }

  @Test
  void withoutKeepingNothingChanges() throws IOException {
    write();
    try (ImportCache cache = ImportCache.open(file)) {
      cache.add(known(1));
    }
    try (ImportCache cache = ImportCache.open(file)) {
      assertNotNull(cache.find(key(0)));
      assertNull(cache.find(key(1)));
    }
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void damageIsNeverBelieved() throws IOException {
    write();
    byte[] whole = Files.readAllBytes(file);
    for (int seed = 0; seed < 1000; seed++) {
      Random random = new Random(seed);
      byte[] damaged = whole.clone();
      if (seed % 3 == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(whole.length));
      } else {
        int at = random.nextInt(whole.length);
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        if (seed % 3 == 1) {
          damaged[random.nextInt(whole.length)] = (byte) random.nextInt();
        }
      }
      Files.write(file, damaged);
      int found = 0;
      try (ImportCache cache = ImportCache.open(file)) {
        for (int i = 0; i < 2 * FILES; i++) {
          ImportCache.Known known = cache.find(key(i));
          if (known != null) {
            assertEquals(text(known(i)), text(known), "seed " + seed);
            found++;
          }
        }
      }
      assertTrue(found <= FILES);
    }
  }

  @Test
  void racingImportsLeaveTheCacheOfOneOfThem() throws IOException {
    write();
    try (ImportCache one = ImportCache.open(file);
        ImportCache other = ImportCache.open(file)) {
      one.add(known(1));
      other.add(known(3));
      one.keep();
      // What the other reads is what was there when it began.
      assertEquals(text(known(0)), text(other.find(key(0))));
      other.keep();
    }
    try (ImportCache cache = ImportCache.open(file)) {
      assertNull(cache.find(key(1)));
      assertEquals(text(known(3)), text(cache.find(key(3))));
    }
  }

  @Test
  void whatKilledImportsLeftIsRemovedInTime() throws IOException {
    write();
    Path old = Files.writeString(file.resolveSibling("import1.tmp"), "old");
    Path young = Files.writeString(file.resolveSibling("import2.tmp"), "young");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(100_000)));
    ImportCache.open(file).close();
    assertTrue(Files.notExists(old));
    assertTrue(Files.exists(young));
  }
}
