package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.staging.StagedAttributes;
import io.datasetfs.staging.StagedContent;
import io.datasetfs.staging.StagedPath;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A changed file of a sealed version.
 *
 * @param path where it is in the version
 * @param attributes what it has besides bytes
 * @param content its bytes, which stand still
 */
record StagedFileContent(StagedPath path, StagedAttributes attributes, StagedContent content)
    implements StorableFile {
  @Override
  public String name() {
    return path.name();
  }

  @Override
  public int mode() {
    return attributes.mode();
  }

  @Override
  public Instant mtime() {
    return attributes.mtime();
  }

  @Override
  public long size() {
    return content.size();
  }

  @Override
  public Content open() {
    return new Open(this);
  }

  @Override
  public void stored(FileResult result) {
    // Nothing to remember: the files go when the version has been committed.
  }

  private static final class Open implements Content {
    private final StagedFileContent file;
    private long position;

    Open(StagedFileContent file) {
      this.file = file;
    }

    @Override
    public int read(ByteBuffer target) throws FsException {
      try {
        int count = file.content.read(position, target);
        position += count;
        return count;
      } catch (FsException e) {
        throw new FsException(
            e.kind(), "%s: %s".formatted(Names.printable(file.path.toString()), e.getMessage()), e);
      }
    }

    @Override
    public void requireUnchanged() {
      // A sealed version takes no changes.
    }

    @Override
    public FsException changed() {
      return new FsException(
          FailureKind.CORRUPT,
          "%s is not as long as it was left (was its content file changed?)"
              .formatted(Names.printable(file.path.toString())));
    }

    @Override
    public void close() {
      file.content.close();
    }
  }
}
