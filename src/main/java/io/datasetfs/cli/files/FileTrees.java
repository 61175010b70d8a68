package io.datasetfs.cli.files;

import io.datasetfs.catalog.NamedVersion;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.Services;
import io.datasetfs.daemon.ProcessOwner;
import io.datasetfs.daemon.UncommittedVersions;
import io.datasetfs.model.FsException;

/** Opens the trees of versions. */
final class FileTrees {
  private FileTrees() {}

  /** A version's tree, to be read. */
  static FileTree open(Services services, NamedVersion version) throws FsException {
    return version instanceof ResolvedVersion committed
        ? CommittedTree.open(services, committed)
        : open(services, (StagedReference) version, false);
  }

  /** The tree of an uncommitted version, to be changed. */
  static WritableTree openToWrite(Services services, StagedReference version) throws FsException {
    return open(services, version, true);
  }

  private static WritableTree open(Services services, StagedReference version, boolean write)
      throws FsException {
    UncommittedVersions.Opened opened = services.uncommitted().open(version, write);
    if (opened instanceof UncommittedVersions.Mounted mounted) {
      return write
          ? MountedTree.openToWrite(version.reference(), mounted.directory(), services.random())
          : new MountedTree(version.reference(), mounted.directory(), services.random());
    }
    return new StagedTree(
        version.reference(),
        ((UncommittedVersions.Owned) opened).files(),
        ProcessOwner.creator(),
        services.random());
  }
}
