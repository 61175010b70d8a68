package io.datasetfs.cli.files;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;

/** Every version that this release can make is committed, and takes no changes. */
final class Committed {
  private Committed() {}

  static FsException refusal(ResolvedVersion version) {
    return new FsException(
        FailureKind.READ_ONLY,
        "%s is committed, and this release has no uncommitted versions yet (create a new version"
                .formatted(version.reference())
            + " with 'dsfs datasets versions create --source-path')");
  }
}
