package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.staging.StagedVersion;

/** Opens the uncommitted versions that a mount shows. Who composes the mount implements it. */
@FunctionalInterface
public interface StagedVersions {
  /** None can be opened. */
  StagedVersions NONE =
      (dataset, version) -> {
        throw new FsException(
            FailureKind.ACCESS_DENIED,
            "The version %s is not committed, and this mount shows committed ones"
                .formatted(dataset.reference(version.id())));
      };

  /**
   * Opens a version, or answers the one that is open already: called whenever its name is looked up
   * and the mount does not use it. It has to stay open until its use has ended, by {@link
   * DatasetFileSystem#retire} or {@link DatasetFileSystem#whenUnused}, or the mount has.
   *
   * @throws FsException with a message that says who has it: ACCESS_DENIED when it is on another
   *     node, BUSY when another process has it; NOT_FOUND when its files are gone
   */
  StagedVersion open(Dataset dataset, UncommittedVersion version) throws FsException;

  /** Tells the room where they are; {@code null} when nobody knows. */
  default SpaceUsage space() {
    return null;
  }
}
