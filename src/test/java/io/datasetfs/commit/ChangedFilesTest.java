package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Contents;
import io.datasetfs.store.MemoryObjectStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that change between imports are noticed; files that change during one end it. */
@Timeout(120)
final class ChangedFilesTest {
  /** Later than any change by more than the time for which changes are not trusted. */
  static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(10));

  @TempDir private Path temp;
  private final MemoryObjectStore store = new MemoryObjectStore();
  private Path source;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
  }

  private ImportResult remembering(Clock clock) throws FsException {
    ImportSource paths = ImportSource.of(List.of(source + "/"), clock);
    Optional<Path> cache = Optional.of(temp.resolve("cache"));
    return new TreeImporter(
            store,
            Imports.DATASET,
            StoreAccess.NEAR,
            cache,
            new java.security.SecureRandom(),
            clock)
        .run(paths, ImportProgress.NONE);
  }

  /** Whether the cache of {@link #remembering} would save reading the file. */
  private boolean isRemembered(String name, byte[] key) throws IOException {
    ChunkTable chunks = StoredChunks.load(store, Imports.DATASET, StoreAccess.NEAR).chunks();
    Path file;
    try (var files = Files.list(temp.resolve("cache"))) {
      file = files.findAny().orElseThrow();
    }
    try (ImportLookup lookup = ImportLookup.open(Optional.of(file), chunks, LATER)) {
      return lookup.find(SourceDirectory.look(source.resolve(name), name), key) != null;
    }
  }

  private static byte[] key(String name) {
    return ("" + name).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void anUnchangedFileIsNotReadAgain() throws IOException {
    Files.write(source.resolve("small"), Contents.random(1, 5000));
    Files.write(source.resolve("large"), Contents.random(2, 3_000_000));
    ImportResult first = remembering(LATER);
    assertTrue(isRemembered("small", key("small")));
    assertTrue(isRemembered("large", key("large")));
    ImportResult second = remembering(LATER);
    assertEquals(first.root(), second.root());
    assertEquals(0, second.storedBytes());
  }

  @Test
  void aNewNeighbourDoesNotMakeItForget() throws IOException {
    Files.write(source.resolve("m"), Contents.random(1, 5000));
    remembering(LATER);
    Files.writeString(source.resolve("a-new-one"), "new");
    remembering(LATER);
    try (var files = Files.list(temp.resolve("cache"))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  @Tag("promise-10")
  void aChangeIsNoticedThoughSizeAndTimeAreTheSame() throws IOException {
    for (int length : new int[] {5000, 3_000_000}) {
      Path file = source.resolve("file");
      byte[] content = Contents.random(length, length);
      Files.write(file, content);
      FileTime time = FileTime.fromMillis(1_000_000);
      Files.setLastModifiedTime(file, time);
      remembering(LATER);
      content[length / 2] ^= 1;
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(content));
      }
      Files.setLastModifiedTime(file, time);
      ImportResult changed = remembering(LATER);
      assertEquals(TreeListing.ofSource(source), new Imports(store).listing(changed));
    }
  }

  @Test
  void aFileThatIsLongerThanItSaysIsRefused() {
    FsException e =
        assertThrows(FsException.class, () -> new Imports(store).of("/proc/self/status"));
    assertEquals(FailureKind.SOURCE_CHANGED, e.kind(), e.getMessage());
  }

  @Test
  void aFileReplacedByAnotherIsNoticed() throws IOException {
    Path file = source.resolve("file");
    Files.write(file, Contents.random(1, 5000));
    Path other = temp.resolve("other");
    Files.write(other, Contents.random(2, 5000));
    FileTime time = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(file, time);
    Files.setLastModifiedTime(other, time);
    remembering(LATER);
    Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(TreeListing.ofSource(source), new Imports(store).listing(remembering(LATER)));
  }

  @Test
  @Tag("promise-10")
  void whatWasChangedAMomentAgoIsNotTrusted() throws IOException {
    Files.write(source.resolve("file"), Contents.random(1, 5000));
    remembering(Clock.systemUTC());
    assertTrue(!isRemembered("file", key("file")));
    remembering(LATER);
    assertTrue(isRemembered("file", key("file")));
  }

  @Test
  void aSmallFileThatChangedSinceItWasLookedAtEndsTheImport() throws IOException {
    Path file = source.resolve("file");
    for (boolean gone : new boolean[] {false, true}) {
      Files.write(file, Contents.random(1, 5000));
      SourceEntry seen = SourceDirectory.look(file, "file");
      SourceDirectory.requireSettled(seen);
      if (gone) {
        Files.delete(file);
      } else {
        Files.write(file, Contents.random(2, 5000));
      }
      SmallFiles files = new SmallFiles();
      files.add(new PendingFile(new LocalFile(seen, key("file"), null)));
      try (ContentEncoder encoder = new ContentEncoder(new ChunkTable())) {
        FsException failure = assertThrows(FsException.class, () -> files.encode(encoder));
        assertEquals(FailureKind.SOURCE_CHANGED, failure.kind());
      }
    }
  }

  /** File systems stamp with a coarse clock: changes in quick succession can look like one. */
  @Test
  void onceAFileHasSettledTheNextChangeShows() throws IOException {
    Path file = source.resolve("file");
    for (int i = 0; i < 100; i++) {
      Files.write(file, Contents.random(i, 5000));
      SourceEntry seen = SourceDirectory.look(file, "file");
      SourceDirectory.requireSettled(seen);
      Files.write(file, Contents.random(-i, 5000));
      assertNotEquals(seen, SourceDirectory.look(file, "file"), "round " + i);
    }
  }

  @Test
  void lostPacksAreNotReliedOn() throws IOException {
    Files.write(source.resolve("file"), Contents.random(1, 5000));
    remembering(LATER);
    store.keys().forEach(store::delete);
    ImportResult again = remembering(LATER);
    assertEquals(TreeListing.ofSource(source), new Imports(store).listing(again));
  }

  @Test
  @Tag("promise-8")
  void aGrowingFileEndsTheImport() throws Exception {
    for (int start : new int[] {1000, 3_000_000}) {
      Path file = source.resolve("growing");
      Files.write(file, Contents.random(1, start));
      byte[] more = new byte[1 << 20];
      FsException failure =
          importWhile(
              () -> Files.write(file, more, StandardOpenOption.APPEND),
              () -> Files.size(file) > 200 << 20);
      assertEquals(FailureKind.SOURCE_CHANGED, failure.kind());
      assertTrue(failure.getMessage().startsWith(file + " changed"), failure.getMessage());
      Files.delete(file);
    }
    new Imports(store).ofAndCompare(source);
  }

  /** One that grows faster than it is read would have no end. */
  @Test
  void aFileIsNotReadFarBeyondItsEnd() throws Exception {
    Path file = source.resolve("growing");
    Files.write(file, Contents.random(1, 3_000_000));
    SourceDirectory.requireSettled(SourceDirectory.look(file, "growing"));
    ImportSource paths = ImportSource.of(List.of(file.toString()), LATER);
    try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
      grown.setLength(400L << 20);
    }
    long[] read = new long[1];
    ImportProgress counting =
        new ImportProgress() {
          @Override
          public boolean wantsTotals() {
            return true;
          }

          @Override
          public void expect(long bytes) {}

          @Override
          public void advance(long bytes) {
            read[0] += bytes;
          }
        };
    TreeImporter importer =
        new TreeImporter(
            store,
            Imports.DATASET,
            StoreAccess.NEAR,
            Optional.empty(),
            new java.security.SecureRandom(),
            LATER);
    FsException failure = assertThrows(FsException.class, () -> importer.run(paths, counting));
    assertEquals(FailureKind.SOURCE_CHANGED, failure.kind());
    assertTrue(read[0] < 20 << 20, () -> "read " + read[0]);
  }

  /** Neither a file's size nor, for some milliseconds, its times tell such changes. */
  @Test
  void aFileThatIsOverwrittenInPlaceIsNeverTorn() throws Exception {
    Path file = source.resolve("overwritten");
    int length = 200_000;
    byte[][] contents = new byte[2][length];
    Arrays.fill(contents[0], (byte) 'a');
    Arrays.fill(contents[1], (byte) 'b');
    Files.write(file, contents[0]);
    AtomicBoolean stop = new AtomicBoolean();
    // A writer that is halted in the middle leaves half a file that looks as settled as any.
    AtomicLong longestGap = new AtomicLong();
    String torn = null;
    Thread writer =
        new Thread(
            () -> {
              try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                for (int i = 0; !stop.get(); i++) {
                  ByteBuffer next = ByteBuffer.wrap(contents[i % 2]);
                  long last = System.nanoTime();
                  for (int at = 0; at < length; at += 10_000) {
                    channel.write(next.limit(at + 10_000).position(at), at);
                    long now = System.nanoTime();
                    longestGap.accumulateAndGet(now - last, Math::max);
                    last = now;
                  }
                  Thread.sleep(i % 7 == 0 ? 30 : 0, 100_000);
                }
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    try {
      Imports imports = new Imports(store);
      List<String> whole =
          Arrays.stream(contents)
              .map(c -> io.datasetfs.model.Digest.compute(c).toString())
              .toList();
      for (int i = 0; i < 150 && torn == null; i++) {
        try {
          String line = imports.listing(imports.of(source)).get("overwritten");
          torn = whole.stream().anyMatch(line::contains) ? null : line;
        } catch (FsException e) {
          assertEquals(FailureKind.SOURCE_CHANGED, e.kind(), e.getMessage());
        }
      }
    } finally {
      stop.set(true);
      writer.join();
    }
    boolean halted = longestGap.get() >= TimeUnit.MILLISECONDS.toNanos(SourceDirectory.TICK_MILLIS);
    assertTrue(torn == null || halted, torn);
  }

  @Test
  void aFileThatComesAndGoesEndsTheImportOrIsWhole() throws Exception {
    Path file = source.resolve("coming-and-going");
    for (int i = 0; i < 300; i++) {
      Files.writeString(source.resolve("f" + i), "content " + i);
    }
    byte[] content = Contents.random(3, 1000);
    FsException failure =
        importWhile(
            () -> {
              Files.write(file, content);
              Files.delete(file);
            },
            () -> false);
    assertEquals(FailureKind.SOURCE_CHANGED, failure.kind(), failure.getMessage());
    assertTrue(failure.getMessage().startsWith(source.toString()), failure.getMessage());
    new Imports(store).ofAndCompare(source);
  }

  private interface Action {
    void run() throws IOException;
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  /** Imports again and again while another thread is at work, until it fails. */
  private FsException importWhile(Action action, Condition stopped) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              try {
                while (!stop.get()) {
                  if (!stopped.holds()) {
                    action.run();
                  }
                }
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    try {
      while (true) {
        try {
          new Imports(store).of(source);
        } catch (FsException e) {
          return e;
        }
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }
}
