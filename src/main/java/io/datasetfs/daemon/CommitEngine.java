package io.datasetfs.daemon;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.StagedVersion;
import java.time.Duration;
import java.util.Optional;

/** Commits uncommitted versions that this process has. */
@FunctionalInterface
public interface CommitEngine {
  /**
   * Commits.
   *
   * @param dataset as it was read a moment ago
   * @param files what to commit
   * @param wish how
   * @param progress hears how far it is
   * @return the committed version
   * @throws FsException BUSY naming who has files open for writing; STATE_UNKNOWN; others; the
   *     version then is uncommitted as before, unless nobody knows
   */
  ResolvedVersion run(Dataset dataset, StagedVersion files, Wish wish, Progress progress)
      throws FsException;

  /**
   * How to commit.
   *
   * @param message what the committed version says
   * @param tag a tag that is to point to it from the same moment
   * @param patience how long to wait for who has files open for writing
   */
  record Wish(String message, Optional<String> tag, Duration patience) {}

  /** Hears how far a commit is. */
  interface Progress {
    /** How much there is in all, in bytes, once that is known or known better. */
    void total(long bytes);

    /** That so much more is done. */
    void advance(long bytes);
  }
}
