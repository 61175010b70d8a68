package io.datasetfs.cli.files;

import io.datasetfs.catalog.NamedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;

/** A committed version takes no changes. */
final class Committed {
  private Committed() {}

  static StagedReference requireUncommitted(NamedVersion version) throws FsException {
    if (version instanceof StagedReference staged) {
      return staged;
    }
    throw new FsException(
        FailureKind.READ_ONLY,
        "%s is committed and takes no changes (make a version that does with"
                .formatted(version.reference())
            + " 'dsfs datasets versions create --id=%s --from=%s')"
                .formatted(version.dataset().id(), version.id()));
  }
}
