package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.staging.InodeKind;
import io.datasetfs.staging.StagedAttributes;
import io.datasetfs.staging.StagedContent;
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
    public void committed(String path, TreeEntry entry) throws FsException {
      requireUninterrupted();
      intake.add(entry);
    }

    @Override
    public void beginDirectory(String path, String name, StagedAttributes attributes)
        throws FsException {
      requireUninterrupted();
      intake.beginDirectory(name, attributes.mode(), attributes.mtime());
    }

    @Override
    public void endDirectory() throws FsException {
      intake.endDirectory();
    }

    @Override
    public void file(String path, String name, StagedAttributes attributes, StagedContent content)
        throws FsException {
      requireUninterrupted();
      intake.add(new StagedFileContent(path, name, attributes, content));
    }

    @Override
    public void symlink(String path, String name, StagedAttributes attributes, String target)
        throws FsException {
      intake.add(new TreeEntry.Symlink(name, attributes.mode(), attributes.mtime(), target));
    }

    @Override
    public void special(String path, InodeKind kind) {
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
