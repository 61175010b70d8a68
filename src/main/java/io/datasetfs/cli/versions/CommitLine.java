package io.datasetfs.cli.versions;

import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.ImportProgressLine;
import io.datasetfs.cli.Progress;
import io.datasetfs.cli.Session;
import io.datasetfs.daemon.CommitWish;
import io.datasetfs.model.FsException;
import java.time.Duration;
import java.util.Optional;

/**
 * Commits with a line of progress.
 *
 * @param session what it works with
 * @param patience how long to wait for who has files open for writing
 */
record CommitLine(Session session, Duration patience) {
  void run(StagedReference version, Optional<String> message, Optional<String> tag)
      throws FsException {
    CommitWish wish = new CommitWish(message.orElse(version.version().message()), tag, patience);
    Optional<FsException> left;
    try (Progress line = session.progress("Committing")) {
      left = session.services().uncommitted().commit(version, wish, new ImportProgressLine(line));
    }
    left.ifPresent(session::warn);
  }
}
