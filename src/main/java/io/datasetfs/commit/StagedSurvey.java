package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.staging.InodeKind;
import io.datasetfs.staging.StagedAttributes;
import io.datasetfs.staging.StagedContent;
import io.datasetfs.staging.StagedPath;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.staging.StagedVisitor;
import java.util.ArrayList;
import java.util.List;

/**
 * A look through a sealed version before anything is stored: how much there is to read, and what
 * cannot be committed.
 */
final class StagedSurvey implements StagedVisitor {
  private static final int NAMED = 20;

  private final List<String> special = new ArrayList<>();
  private long specials;
  private long bytes;

  private StagedSurvey() {}

  /**
   * Looks.
   *
   * @return the bytes of all files that have changed
   * @throws FsException SPECIAL_FILE naming what cannot be committed
   */
  static long bytes(StagedVersion version) throws FsException {
    StagedSurvey survey = new StagedSurvey();
    version.walk(survey);
    if (survey.specials > 0) {
      throw survey.refused();
    }
    return survey.bytes;
  }

  private FsException refused() {
    String names = String.join(", ", special);
    if (specials > special.size()) {
      names += " and %d others".formatted(specials - special.size());
    }
    return new FsException(
        FailureKind.SPECIAL_FILE,
        specials == 1
            ? names + " is a socket, device or fifo, which a version cannot hold (remove it)"
            : names + " are sockets, devices or fifos, which a version cannot hold (remove them)");
  }

  @Override
  public void committed(StagedPath path, TreeEntry entry) throws FsException {
    StagedWalk.requireUninterrupted();
  }

  @Override
  public void beginDirectory(StagedPath path, StagedAttributes attributes) throws FsException {
    StagedWalk.requireUninterrupted();
  }

  @Override
  public void endDirectory() {}

  @Override
  public void file(StagedPath path, StagedAttributes attributes, StagedContent content)
      throws FsException {
    StagedWalk.requireUninterrupted();
    bytes += content.size();
    content.close();
  }

  @Override
  public void symlink(StagedPath path, StagedAttributes attributes, String target) {}

  @Override
  public void special(StagedPath path, InodeKind kind) {
    specials++;
    if (special.size() < NAMED) {
      special.add(Names.printable(path.toString()));
    }
  }
}
