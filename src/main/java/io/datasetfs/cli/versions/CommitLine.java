package io.datasetfs.cli.versions;

import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.Progress;
import io.datasetfs.cli.Session;
import io.datasetfs.daemon.CommitEngine;
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
    CommitEngine.Wish wish =
        new CommitEngine.Wish(message.orElse(version.version().message()), tag, patience);
    try (Progress line = session.progress("Committing")) {
      session.services().uncommitted().commit(version, wish, new Shown(line));
    }
  }

  private record Shown(Progress line) implements CommitEngine.Progress {
    @Override
    public void total(long bytes) {
      line.total(bytes);
    }

    @Override
    public void advance(long bytes) {
      line.advance(bytes);
    }
  }
}
