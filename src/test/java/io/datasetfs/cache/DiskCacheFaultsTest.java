package io.datasetfs.cache;

import static io.datasetfs.cache.Blocks.LENGTH;
import static io.datasetfs.cache.Blocks.MIB;
import static io.datasetfs.cache.Blocks.await;
import static io.datasetfs.cache.Blocks.content;
import static io.datasetfs.cache.Blocks.file;
import static io.datasetfs.cache.Blocks.has;
import static io.datasetfs.cache.Blocks.keep;
import static io.datasetfs.cache.Blocks.reads;
import static io.datasetfs.cache.Blocks.ref;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.store.local.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk cache on a disk that fails: blocks are missing, nothing else happens. */
class DiskCacheFaultsTest {
  @TempDir Path temp;

  private DiskCache open(Path directory, long keepFree) {
    DiskCacheSettings usual = Blocks.settings(directory, 64 * MIB);
    return new DiskCache(
        new DiskCacheSettings(
            directory, usual.size(), usual.ttl(), keepFree, usual.queueBytes(), usual.retryAfter()),
        Clock.systemUTC());
  }

  private static boolean tryKeep(DiskCache cache, int number) {
    return cache.blocks().keep(ref(number), content(number));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  @Test
  @Tag("promise-21")
  void aFullDiskTakesNoMoreAndIsTriedAgain() throws Exception {
    try (Log log = new Log();
        Tmpfs disk = Tmpfs.mount(temp, "size=8m");
        DiskCache cache = open(disk.path().resolve("cache"), 0)) {
      keep(cache.blocks(), 1);
      Path others = Files.write(disk.path().resolve("others"), new byte[0]);
      fill(others);
      for (int i = 0; i < 200; i++) {
        cache.blocks().offer(ref(i), content(i));
      }
      IntStream.range(0, 200).forEach(i -> has(cache.blocks(), i));
      Files.delete(others);
      await("it takes blocks again", () -> tryKeep(cache, 300));
      assertTrue(has(cache.blocks(), 300));
      assertTrue(log.warnings().size() <= 1, () -> log.warnings().toString());
    }
  }

  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException full) {
      assertTrue(full.getMessage().contains("No space"), full::getMessage);
    }
  }

  @Test
  @Tag("promise-21")
  void someOfTheDiskStaysFree() throws Exception {
    long free = 6 * MIB;
    try (Tmpfs disk = Tmpfs.mount(temp, "size=16m");
        DiskCache cache = open(disk.path().resolve("cache"), free)) {
      for (int i = 0; i < 300; i++) {
        tryKeep(cache, i);
      }
      assertTrue(disk.path().toFile().getUsableSpace() >= free);
      assertTrue(Blocks.files(temp).size() > 7 * MIB / LENGTH, "the rest is used");
      Files.write(disk.path().resolve("others"), new byte[(int) (4 * MIB)]);
      await("the cache gives way", () -> disk.path().toFile().getUsableSpace() >= free);
      await("others leave for a newcomer", () -> tryKeep(cache, 999));
      Files.delete(disk.path().resolve("others"));
      for (int i = 300; i < 600; i++) {
        tryKeep(cache, i);
      }
      assertTrue(disk.path().toFile().getUsableSpace() >= free);
      await(
          "the rest is used again",
          () -> {
            IntStream.range(600, 700).forEach(i -> tryKeep(cache, i));
            return cache.blocks().statistics().bytes() > 7 * MIB;
          });
    }
  }

  @Test
  @Tag("promise-21")
  void aReadOnlyDiskServesWhatItHas() throws Exception {
    try (Log log = new Log();
        Tmpfs disk = Tmpfs.mount(temp, "size=16m")) {
      Path directory = disk.path().resolve("cache");
      try (DiskCache cache = open(directory, 0)) {
        keep(cache.blocks(), 1);
        readOnly(disk.path());
        for (int i = 2; i < 20; i++) {
          assertFalse(tryKeep(cache, i));
        }
        assertTrue(has(cache.blocks(), 1));
        assertTrue(reads(cache.blocks(), 1, 0, 100));
        assertEquals(1, log.warnings().size(), () -> log.warnings().toString());
      }
      try (DiskCache cache = open(directory, 0)) {
        assertTrue(has(cache.blocks(), 1), "also after a start");
        assertFalse(tryKeep(cache, 3));
        unmount(disk.path());
        await("it takes blocks again", () -> tryKeep(cache, 3));
      }
    }
  }

  /** By a mount on top: a file system with a file open for writing can't be made read-only. */
  private static void readOnly(Path directory) throws IOException {
    run("mount", "--bind", directory.toString(), directory.toString());
    run("mount", "-o", "remount,bind,ro", directory.toString());
  }

  private static void unmount(Path directory) throws IOException {
    run("umount", "-l", directory.toString());
  }

  private static void run(String... command) throws IOException {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().onExit().join().exitValue());
  }

  @Test
  @Tag("promise-21")
  void aDirectoryThatVanishesIsMadeAgain() throws Exception {
    Path directory = temp.resolve("cache");
    try (DiskCache cache = open(directory, 0)) {
      keep(cache.blocks(), 1);
      keep(cache.blocks(), 2);
      delete(directory);
      assertFalse(has(cache.blocks(), 1));
      await("it takes blocks again", () -> tryKeep(cache, 3));
      assertTrue(has(cache.blocks(), 3));
      await("the index knows", () -> !cache.blocks().holds(ref(2)));
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsDoneWithoutUntilItCan() throws Exception {
    Path directory = Files.writeString(temp.resolve("cache"), "a file");
    try (Log log = new Log();
        DiskCache cache = open(directory, 0)) {
      for (int i = 0; i < 50; i++) {
        cache.blocks().offer(ref(i), content(i));
        assertFalse(tryKeep(cache, i));
        assertFalse(has(cache.blocks(), i));
        assertFalse(reads(cache.blocks(), i, 0, 10));
      }
      assertEquals("a file", Files.readString(directory));
      assertEquals(1, log.warnings().size(), () -> log.warnings().toString());
      Files.delete(directory);
      await("it takes blocks", () -> tryKeep(cache, 1));
    }
  }

  @Test
  void aDirectoryThatOthersMayWriteIsRefused() throws Exception {
    Path directory = temp.resolve("cache");
    try (DiskCache cache = open(directory, 0)) {
      keep(cache.blocks(), 1);
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (Log log = new Log();
        DiskCache cache = open(directory, 0)) {
      assertFalse(has(cache.blocks(), 1));
      assertFalse(cache.blocks().holds(ref(1)));
      assertFalse(tryKeep(cache, 2));
      assertTrue(log.warnings().get(0).contains("can be written by others"), log::toString);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      await("it is taken", () -> tryKeep(cache, 3));
      assertTrue(has(cache.blocks(), 1));
    }
  }

  @Test
  void aForeignDirectoryIsLeftAlone() throws Exception {
    Path theirs = Files.writeString(temp.resolve("thesis.tex"), "important");
    try (DiskCache cache = open(temp, 0)) {
      assertFalse(tryKeep(cache, 1));
    }
    try (Stream<Path> all = Files.list(temp)) {
      assertEquals(List.of(theirs), all.toList());
    }
  }

  @Test
  void aNewerFormatIsRefused() throws Exception {
    Path directory = temp.resolve("cache");
    try (DiskCache cache = open(directory, 0)) {
      keep(cache.blocks(), 1);
    }
    Files.writeString(directory.resolve("format"), "dsfs cache 2\n");
    try (Log log = new Log();
        DiskCache cache = open(directory, 0)) {
      assertFalse(has(cache.blocks(), 1));
      assertTrue(log.warnings().get(0).contains("has format 2"), log::toString);
    }
  }

  @Test
  void aLinkInPlaceOfARegionIsNotFollowed() throws Exception {
    Path directory = temp.resolve("cache");
    try (DiskCache cache = open(directory, 0)) {
      keep(cache.blocks(), 1);
    }
    for (Path part : List.of(file(directory, ref(1)).getParent(), directory.resolve("data"))) {
      Path elsewhere = temp.resolve("elsewhere-" + part.getFileName());
      Files.move(part, elsewhere);
      Files.createSymbolicLink(part, elsewhere);
      try (DiskCache cache = open(directory, 0)) {
        assertFalse(has(cache.blocks(), 1));
        assertFalse(tryKeep(cache, 2));
      }
      Files.delete(part);
      Files.move(elsewhere, part);
    }
  }

  @Test
  void aFileThatIsNoFileIsAMiss() throws Exception {
    Path directory = temp.resolve("cache");
    try (DiskCache cache = open(directory, 0)) {
      keep(cache.blocks(), 1);
      keep(cache.blocks(), 2);
      Files.delete(file(directory, ref(1)));
      Files.createDirectory(file(directory, ref(1)));
      Files.delete(file(directory, ref(2)));
      Files.createSymbolicLink(file(directory, ref(2)), Files.write(temp.resolve("x"), content(2)));
      assertFalse(has(cache.blocks(), 1));
      assertFalse(has(cache.blocks(), 2));
    }
  }

  @Test
  void aDiskWithoutFilesToBeHadTakesNoMore() throws Exception {
    Path directory = temp.resolve("cache");
    try (Tmpfs disk = Tmpfs.mount(Files.createDirectory(directory), "size=16m,nr_inodes=30");
        DiskCache cache = open(disk.path().resolve("cache"), 0)) {
      int kept = 0;
      for (int i = 0; i < 40; i++) {
        kept += tryKeep(cache, i) ? 1 : 0;
      }
      assertTrue(kept > 0 && kept < 20, kept + ": there are no more files to be had");
      for (int i = 0; i < 40; i++) {
        has(cache.blocks(), i);
      }
    }
  }
}
