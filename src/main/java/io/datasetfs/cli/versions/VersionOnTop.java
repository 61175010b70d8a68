package io.datasetfs.cli.versions;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.files.PutFiles;
import io.datasetfs.commit.ImportSource;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes a committed version of another and of files that are put over it. What does not become one
 * leaves nothing.
 *
 * @param session what it works with
 */
record VersionOnTop(Session session) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Makes the version.
   *
   * @param tag a tag that is to point to it, or {@code null}
   * @return how users name it
   */
  String create(
      Dataset dataset, ResolvedVersion base, ImportSource source, String message, String tag)
      throws FsException {
    StagedReference version =
        session.services().uncommitted().create(dataset, message, Optional.of(base));
    try {
      long unused = PutFiles.put(session, version, source, "/");
      new CommitLine(session, PATIENCE).run(version, Optional.empty(), Optional.ofNullable(tag));
      return version.reference();
    } catch (FsException e) {
      if (e.kind() != FailureKind.STATE_UNKNOWN) {
        discard(version, e);
      }
      throw e;
    }
  }

  private void discard(StagedReference version, FsException reason) {
    // Who was interrupted has to be able to clean up.
    boolean interrupted = Thread.interrupted();
    try {
      session.services().uncommitted().delete(version).ifPresent(reason::addSuppressed);
    } catch (FsException e) {
      reason.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
