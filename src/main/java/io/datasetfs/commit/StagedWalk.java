package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.staging.InodeKind;
import io.datasetfs.staging.StagedAttributes;
import io.datasetfs.staging.StagedContent;
import io.datasetfs.staging.StagedPath;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.staging.StagedVisitor;

/** Walks a sealed version: what it took from its base is added as it is, without a look at it. */
record StagedWalk(StagedVersion version) implements TreeSource {
  @Override
  public void walk(Intake intake) throws FsException {
    version.walk(new Visitor(intake));
  }

  private record Visitor(Intake intake) implements StagedVisitor {
    @Override
    public void committed(StagedPath path, TreeEntry entry) throws FsException {
      requireUninterrupted();
      intake.add(entry);
    }

    @Override
    public void beginDirectory(StagedPath path, StagedAttributes attributes) throws FsException {
      requireUninterrupted();
      intake.beginDirectory(path.name(), attributes.mode(), attributes.mtime());
    }

    @Override
    public void endDirectory() throws FsException {
      intake.endDirectory();
    }

    @Override
    public void file(StagedPath path, StagedAttributes attributes, StagedContent content)
        throws FsException {
      requireUninterrupted();
      intake.add(new StagedFileContent(path, attributes, content));
    }

    @Override
    public void symlink(StagedPath path, StagedAttributes attributes, String target)
        throws FsException {
      intake.add(new TreeEntry.Symlink(path.name(), attributes.mode(), attributes.mtime(), target));
    }

    @Override
    public void special(StagedPath path, InodeKind kind) {
      throw new IllegalStateException("a survey finds special files: " + path);
    }
  }

  /** Ends a walk that nobody waits for any more. */
  static void requireUninterrupted() throws FsException {
    if (Thread.currentThread().isInterrupted()) {
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted");
    }
  }
}
