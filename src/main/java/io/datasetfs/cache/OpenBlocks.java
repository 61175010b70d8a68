package io.datasetfs.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.datasetfs.model.Digest;
import java.io.IOException;
import java.time.Duration;

/**
 * The files of blocks that were read last, kept open: opening one takes as long as reading from it.
 * Those that rest are closed soon, for a removed file takes its space until then. Thread-safe.
 */
final class OpenBlocks implements AutoCloseable {
  private static final int MAX_OPEN = 128;
  private static final Duration REST = Duration.ofSeconds(10);

  private final BlockFiles files;
  private final Cache<Digest, OpenBlock> open =
      Caffeine.newBuilder()
          .maximumSize(MAX_OPEN)
          .expireAfterAccess(REST)
          .removalListener((Digest digest, OpenBlock block, RemovalCause cause) -> block.leave())
          .executor(Runnable::run)
          .build();

  OpenBlocks(BlockFiles files) {
    this.files = files;
  }

  /**
   * The block's file, entered by the caller, who leaves it.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  OpenBlock enter(Digest digest, int length) throws IOException {
    OpenBlock known = open.getIfPresent(digest);
    if (known != null && known.enter()) {
      boolean same = false;
      try {
        same = known.unchanged();
      } finally {
        if (!same) {
          known.leave();
          close(digest);
        }
      }
      if (same) {
        return known;
      }
    }
    OpenBlock opened = OpenBlock.open(files.path(digest, length));
    opened.enter();
    open.put(digest, opened);
    return opened;
  }

  /** Lets a file go. */
  void close(Digest digest) {
    open.invalidate(digest);
  }

  /** Lets those go that rest. */
  void settle() {
    open.cleanUp();
  }

  @Override
  public void close() {
    open.invalidateAll();
  }
}
