package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import java.nio.file.Path;
import java.util.Optional;

/** A file system with an uncommitted version, for tests of what is above it. */
public final class WritableSample implements AutoCloseable {
  private final FsFixture fixture;
  private final Dataset dataset;
  private final UncommittedVersion version;

  /**
   * @param home an empty directory
   */
  public WritableSample(Path home) throws FsException {
    fixture = new FsFixture(home);
    dataset = fixture.create("sample", "");
    version = fixture.stage(dataset, Optional.empty());
  }

  /** The file system to mount. */
  public DatasetFileSystem fileSystem() {
    return fixture.fs;
  }

  /** The version's directory, as a path within the mount. */
  public String path() {
    return dataset.id() + "/" + version.id();
  }

  @Override
  public void close() {
    fixture.close();
  }
}
