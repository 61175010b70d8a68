package io.datasetfs.commit;

import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The import cache as an import uses it: files that are as they were at the last import, and whose
 * content is stored, are not read. A cache that fails is not used any further; the import goes on.
 * The walk asks, the packer notes; each side belongs to one thread.
 */
final class ImportLookup implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ImportLookup.class.getName());

  /**
   * How long a file must have been left alone before its times are trusted to tell the next change:
   * file systems stamp with a coarse clock, so two changes in quick succession can look like one.
   */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private final ImportCache cache;
  private final ChunkTable chunks;
  private final ChangeTimes changeTimes = new ChangeTimes();
  private final Instant trustedBefore;
  private volatile boolean usable = true;

  private ImportLookup(ImportCache cache, ChunkTable chunks, Instant trustedBefore) {
    this.cache = cache;
    this.chunks = chunks;
    this.trustedBefore = trustedBefore;
  }

  /**
   * @param file where the cache is; nothing for none
   * @param clock tells which files were changed a moment ago
   */
  static ImportLookup open(Optional<Path> file, ChunkTable chunks, Clock clock) {
    ImportCache cache = null;
    if (file.isPresent()) {
      try {
        cache = ImportCache.open(file.get());
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "no import cache", e);
      }
    }
    return new ImportLookup(cache, chunks, clock.instant().minus(SETTLED));
  }

  /** The content of an unchanged file, or {@code null} when it has to be read. */
  FileResult find(SourceEntry entry, byte[] key) throws FsException {
    ImportCache.Known known = cache == null ? null : cache.find(key);
    if (known == null
        || !known.isOf(entry)
        || known.parts().isEmpty()
        || !changeTimes.areKept(entry)) {
      return null;
    }
    List<FileResult.Part> parts = new ArrayList<>(known.parts().size());
    long covered = 0;
    for (ImportCache.Part part : known.parts()) {
      covered += part.length();
      Placement placement =
          part.digest() == null ? Placement.hole(part.length()) : chunks.find(part.digest());
      if (placement == null || placement.length() != part.length()) {
        return null;
      }
      parts.add(new FileResult.Part(part.digest(), placement));
    }
    return covered == known.size()
        ? new FileResult(known.size(), known.digest(), null, parts)
        : null;
  }

  /** Notes a file for the next import. */
  void note(SourceEntry entry, byte[] key, FileResult result) {
    boolean settled =
        entry.ctime().isBefore(trustedBefore) && entry.mtime().isBefore(trustedBefore);
    if (cache == null
        || !usable
        || !settled
        || result.parts().isEmpty()
        || !changeTimes.areKept(entry)) {
      return;
    }
    List<ImportCache.Part> parts = new ArrayList<>(result.parts().size());
    for (FileResult.Part part : result.parts()) {
      parts.add(new ImportCache.Part(part.placement().length(), part.digest()));
    }
    try {
      cache.add(
          new ImportCache.Known(
              key,
              entry.inode(),
              entry.size(),
              Stamp.of(entry.mtime()),
              Stamp.of(entry.ctime()),
              result.digest(),
              parts));
    } catch (IOException e) {
      giveUp(e);
    }
  }

  /** Keeps what was noted: the import is complete. */
  void keep() {
    if (cache != null && usable) {
      try {
        cache.keep();
      } catch (IOException e) {
        giveUp(e);
      }
    }
  }

  private void giveUp(IOException cause) {
    usable = false;
    LOG.log(System.Logger.Level.DEBUG, "the import cache is not kept", cause);
  }

  @Override
  public void close() {
    if (cache != null) {
      try {
        cache.close();
      } catch (IOException e) {
        giveUp(e);
      }
    }
  }
}
