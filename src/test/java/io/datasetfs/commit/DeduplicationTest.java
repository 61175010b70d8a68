package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.store.Contents;
import io.datasetfs.store.MemoryObjectStore;
import io.datasetfs.store.local.LocalObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored once, and how much more a change stores. */
final class DeduplicationTest {
  @TempDir private Path temp;
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final Imports imports = new Imports(store);
  private Path source;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
  }

  @Test
  @Tag("promise-9")
  void anUnchangedTreeStoresNothing() throws IOException {
    RandomTree.fill(source, 5, 400);
    ImportResult first = imports.ofAndCompare(source);
    ImportResult second = imports.ofAndCompare(source);
    assertTrue(first.storedBytes() > 0);
    assertEquals(0, second.storedBytes());
    assertEquals(first.root(), second.root());
  }

  @Test
  @Tag("promise-9")
  void equalFilesAreStoredOnce() throws IOException {
    for (int length : new int[] {500, 100_000, 5_000_000}) {
      byte[] content = Contents.random(length, length);
      for (int i = 0; i < 5; i++) {
        Path directory = Files.createDirectories(source.resolve("d" + i));
        Files.write(directory.resolve("same-" + length), content);
      }
    }
    long stored = imports.ofAndCompare(source).storedBytes();
    assertTrue(stored < 5_100_500 + 20_000, () -> "stored " + stored);
  }

  @Test
  void aMovedDirectoryStoresPagesOnly() throws IOException {
    Path directory = Files.createDirectory(source.resolve("before"));
    for (int i = 0; i < 300; i++) {
      Files.write(directory.resolve("file" + i), Contents.random(i, 10_000));
    }
    imports.ofAndCompare(source);
    Files.move(directory, source.resolve("after"));
    long stored = imports.ofAndCompare(source).storedBytes();
    assertTrue(stored < 2_000, () -> "stored " + stored);
  }

  @Test
  void aFewChangedFilesStoreLittleMore() throws IOException {
    for (int i = 0; i < 2000; i++) {
      Path directory = Files.createDirectories(source.resolve("d" + i % 20));
      Files.write(directory.resolve("file" + i), Contents.random(i, 10_000));
    }
    long first = imports.ofAndCompare(source).storedBytes();
    for (int i = 0; i < 2000; i += 100) {
      Files.write(
          source.resolve("d" + i % 20).resolve("file" + i), Contents.random(-i - 1, 10_000));
    }
    long second = imports.ofAndCompare(source).storedBytes();
    assertTrue(second < first * 3 / 100, () -> "stored %d, then %d".formatted(first, second));
  }

  @Test
  void aByteInsertedIntoALargeFileStoresLittleMore() throws IOException {
    int length = 200 << 20;
    Path file = source.resolve("large");
    writeRandom(file, length, -1);
    try (LocalObjectStore local = LocalObjectStore.open(temp.resolve("store"))) {
      Imports large = new Imports(local);
      long first = large.ofAndCompare(source).storedBytes();
      assertTrue(first >= length, () -> "stored " + first);
      writeRandom(file, length, 1000);
      long second = large.ofAndCompare(source).storedBytes();
      assertTrue(second > 0 && second < 10 << 20, () -> "stored " + second);
    }
  }

  private static void writeRandom(Path file, int length, int insertAt) throws IOException {
    Random random = new Random(17);
    byte[] buffer = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int at = 0; at < length; at += buffer.length) {
        random.nextBytes(buffer);
        if (at == 0 && insertAt >= 0) {
          out.write(buffer, 0, insertAt);
          out.write('!');
          out.write(buffer, insertAt, buffer.length - insertAt);
        } else {
          out.write(buffer);
        }
      }
    }
  }
}
