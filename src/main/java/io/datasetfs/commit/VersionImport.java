package io.datasetfs.commit;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes a committed version of local files: everything is stored and confirmed, then the dataset's
 * head is swapped.
 */
public final class VersionImport {
  private final Catalog catalog;
  private final Optional<Path> cacheDirectory;
  private final Optional<Path> indexDirectory;
  private final RandomGenerator random;
  private final Clock clock;

  /**
   * @param catalog publishes the version
   * @param cacheDirectory where to remember what the source's files held; nothing to read every
   *     file every time
   * @param indexDirectory where to keep the indexes of packs that are far away; nothing to read
   *     them every time
   * @param random names packs; must be cryptographically strong
   * @param clock tells now
   */
  public VersionImport(
      Catalog catalog,
      Optional<Path> cacheDirectory,
      Optional<Path> indexDirectory,
      RandomGenerator random,
      Clock clock) {
    this.catalog = catalog;
    this.cacheDirectory = cacheDirectory;
    this.indexDirectory = indexDirectory;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Imports and publishes. Until it returns there is no version; cut off anywhere, it leaves only
   * objects that the next import uses.
   *
   * @param dataset where the version goes
   * @param source what it consists of
   * @param message what its maker says about it; may be empty
   * @param tag a tag that is to point to it from the same moment
   * @param progress hears how far it is
   * @throws FsException as {@link TreeImporter#run} and {@link Catalog#publish} have it
   */
  public ResolvedVersion run(
      Dataset dataset,
      ImportSource source,
      String message,
      Optional<String> tag,
      ImportProgress progress)
      throws FsException {
    Instant begun = clock.instant();
    try {
      StoreAccess access = StoreAccess.of(dataset, indexDirectory);
      ImportResult imported =
          new TreeImporter(
                  catalog.store(dataset), dataset.id(), access, cacheDirectory, random, clock)
              .run(source, progress);
      VersionRecord draft =
          new VersionRecord(
              catalog.newVersionId(dataset),
              0,
              message,
              begun,
              begun,
              Optional.empty(),
              imported.root());
      return catalog.publish(dataset, draft, tag);
    } catch (FsException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        catalog.sweepIfDeleted(dataset, e);
      }
      throw e;
    }
  }
}
