package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Imports into one dataset of a store. */
final class Imports {
  static final DatasetId DATASET = new DatasetId("dst364npcw6ccok");

  private final ObjectStore store;
  private final StoreAccess access;
  private final Optional<Path> cache;
  private final Clock clock;

  Imports(ObjectStore store) {
    this(store, Optional.empty());
  }

  Imports(ObjectStore store, Optional<Path> cache) {
    this(store, cache, Clock.systemUTC());
  }

  Imports(ObjectStore store, Optional<Path> cache, Clock clock) {
    this(store, StoreAccess.NEAR, cache, clock);
  }

  Imports(ObjectStore store, StoreAccess access, Optional<Path> cache, Clock clock) {
    this.access = access;
    this.store = store;
    this.cache = cache;
    this.clock = clock;
  }

  /** Imports what is in a directory. */
  ImportResult of(Path directory) throws FsException {
    return of(directory + "/");
  }

  ImportResult of(String... paths) throws FsException {
    ImportSource source = ImportSource.of(List.of(paths), clock);
    return new TreeImporter(store, DATASET, access, cache, new SecureRandom(), clock)
        .run(source, ImportProgress.NONE);
  }

  SortedMap<String, String> listing(ImportResult result) throws FsException {
    return listing(result.root());
  }

  SortedMap<String, String> listing(TreeEntry.Directory root) throws FsException {
    return TreeListing.ofVersion(store, DATASET, root);
  }

  /** Imports what is in a directory and checks that the version equals it. */
  ImportResult ofAndCompare(Path directory) throws IOException {
    ImportResult result = of(directory);
    assertEquals(TreeListing.ofSource(directory), listing(result));
    return result;
  }

  FsException assertFails(FailureKind kind, Path directory) {
    FsException failure = assertThrows(FsException.class, () -> of(directory));
    assertEquals(kind, failure.kind(), failure.getMessage());
    assertEquals(-1, failure.getMessage().indexOf('\n'), failure.getMessage());
    assertNoThreadsLeft();
    return failure;
  }

  /** No thread of an import is at work any more, and all of them end. */
  static void assertNoThreadsLeft() {
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              if (thread.getName().matches("dsfs-(scan|list|walk|encode|upload|index)-.*")) {
                String at = Arrays.toString(stack);
                // A pool counts as ended a moment before its last thread has.
                assertFalse(at.contains("io.datasetfs"), () -> thread.getName() + at);
                join(thread);
              }
            });
  }

  private static void join(Thread thread) {
    try {
      thread.join(60_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertFalse(thread.isAlive(), thread::getName);
  }
}
