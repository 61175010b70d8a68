package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.staging.BaseVersion;
import io.datasetfs.staging.Creator;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.staging.StagingAreas;
import io.datasetfs.store.ObjectStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/** A workplace with a dataset and its uncommitted versions. */
final class StagedPlace implements AutoCloseable {
  static final Creator OWNER = new Creator(0, 0);

  private final Workplace workplace;
  private final StagingAreas areas;
  private final DatasetId dataset;
  private final Fetcher fetcher = new Fetcher();
  private final StagedCommit commits;

  /** Between bases and the store that they are read from. */
  private UnaryOperator<ObjectStore> reading = store -> store;

  StagedPlace(Path home) throws FsException {
    this(home, store -> store, null);
  }

  /**
   * @param between between the product and its store
   * @param existing the dataset, or {@code null} for a new one
   */
  StagedPlace(Path home, UnaryOperator<ObjectStore> between, DatasetId existing)
      throws FsException {
    workplace = new Workplace(home, between);
    areas = new StagingAreas(home.resolve("staging"), Clock.systemUTC());
    dataset = existing == null ? workplace.create("staged").id() : existing;
    commits =
        new StagedCommit(
            workplace.catalog(), Optional.empty(), new SecureRandom(), Clock.systemUTC());
  }

  void readThrough(UnaryOperator<ObjectStore> between) {
    reading = between;
  }

  Workplace workplace() {
    return workplace;
  }

  Dataset dataset() throws FsException {
    return workplace.require(dataset);
  }

  ObjectStore store() throws FsException {
    return workplace.catalog().store(dataset());
  }

  StagedVersion create() throws FsException {
    return create(Optional.empty());
  }

  StagedVersion createOver(ResolvedVersion base) throws FsException {
    return create(Optional.of(base.id()));
  }

  private StagedVersion create(Optional<VersionId> base) throws FsException {
    VersionId id = workplace.catalog().newVersionId(dataset());
    StagedVersion made = areas.create(dataset, id, base, OWNER, this::base);
    workplace.catalog().stage(dataset(), id, "staged", base, "node");
    return made;
  }

  StagedVersion open(VersionId version) throws FsException {
    return areas.open(dataset, version, this::base);
  }

  private BaseVersion base(DatasetId id, VersionId version) throws FsException {
    DatasetReader reader =
        new DatasetReader(
            reading.apply(store()), id, fetcher, ReadCaches.bounded(16 << 20, 16 << 20));
    return BaseVersion.of(reader.tree(dataset().head().find(version).orElseThrow().tree()), reader);
  }

  ResolvedVersion commit(StagedVersion files) throws FsException {
    return commit(files, Duration.ZERO);
  }

  ResolvedVersion commit(StagedVersion files, Duration wait) throws FsException {
    return commit(dataset(), files, wait);
  }

  ResolvedVersion commit(Dataset known, StagedVersion files, Duration wait) throws FsException {
    return commits.run(known, files, "done", Optional.of("tag"), ImportProgress.NONE, wait);
  }

  ResolvedVersion commit(StagedVersion files, ImportProgress progress) throws FsException {
    return commits.run(dataset(), files, "done", Optional.empty(), progress, Duration.ZERO);
  }

  /** Commits, and looks whether what was shown before is what is committed. */
  ResolvedVersion commitAndCompare(StagedVersion files) throws FsException {
    SortedMap<String, String> shown = TreeListing.ofStaged(files);
    ResolvedVersion committed = commit(files);
    assertEquals(shown, listing(committed));
    return committed;
  }

  SortedMap<String, String> listing(ResolvedVersion version) throws FsException {
    return workplace.listing(dataset(), version.version().tree());
  }

  /** The bytes of all packs. */
  long storedBytes() throws FsException {
    long[] bytes = new long[1];
    store().list(PackLayout.prefix(dataset), object -> bytes[0] += object.size());
    return bytes[0];
  }

  @Override
  public void close() {
    fetcher.close();
    workplace.close();
  }
}
