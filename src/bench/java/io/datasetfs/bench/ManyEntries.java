package io.datasetfs.bench;

import com.github.luben.zstd.ZstdCompressCtx;
import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.ConfigurationFile;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.Locations;
import io.datasetfs.catalog.Providers;
import io.datasetfs.format.BlockCodec;
import io.datasetfs.format.ContentDigest;
import io.datasetfs.format.DirectoryWriter;
import io.datasetfs.format.PackBuilder;
import io.datasetfs.format.PackIndex;
import io.datasetfs.format.PackKind;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.Sleeper;
import io.datasetfs.store.local.LocalObjectStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Makes a version with many entries without making their files: NAME DIRECTORIES FILES gives a
 * dataset NAME whose only version has that many directories at its top with that many files in
 * each.
 */
public final class ManyEntries implements AutoCloseable {
  private static final int PACK_BYTES = 32 << 20;
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00.123456789Z");

  private final ObjectStore store;
  private final Dataset dataset;
  private final SecureRandom random = new SecureRandom();
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private PackBuilder pages = new PackBuilder(PackId.random(random), PackKind.TREE);

  private ManyEntries(ObjectStore store, Dataset dataset) {
    this.store = store;
    this.dataset = dataset;
  }

  /** Makes the version in the repository that {@code DSFS_HOME} names. */
  public static void main(String[] arguments) throws FsException {
    Locations places = Locations.of(System.getenv(), Path.of("/root"), true);
    SecureRandom random = new SecureRandom();
    Providers providers =
        new Providers(
            new ConfigurationFile(places.configuration(), Sleeper.THREAD),
            places.implicitStore(),
            provider -> LocalObjectStore.open(places.implicitStore()),
            random);
    try (providers) {
      Catalog catalog = new Catalog(providers, random, Clock.systemUTC(), Sleeper.THREAD);
      Dataset dataset = catalog.create(arguments[0], providers.standard(), "");
      TreeEntry.Directory root;
      try (ManyEntries entries = new ManyEntries(catalog.store(dataset), dataset)) {
        root = entries.write(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
      }
      VersionRecord draft =
          new VersionRecord(
              catalog.newVersionId(dataset), 0, "generated", TIME, TIME, Optional.empty(), root);
      catalog.publish(dataset, draft, Optional.empty());
    }
  }

  private TreeEntry.Directory write(int directories, int files) throws FsException {
    BlockRef content = writeContent();
    DirectoryWriter top = new DirectoryWriter(this::storePage);
    ContentDigest topSummary = new ContentDigest();
    for (int d = 0; d < directories; d++) {
      DirectoryWriter directory = new DirectoryWriter(this::storePage);
      ContentDigest summary = new ContentDigest();
      for (int f = 0; f < files; f++) {
        TreeEntry file = file("image-%05d-%06d.jpeg".formatted(d, f), content, d * files + f);
        directory.add(file);
        summary.add(file);
      }
      TreeEntry.Directory entry =
          new TreeEntry.Directory(
              "class-%05d".formatted(d), 0755, TIME, summary.finish(), directory.finish());
      top.add(entry);
      topSummary.add(entry);
    }
    TreeEntry.Directory root =
        new TreeEntry.Directory("", 0755, TIME, topSummary.finish(), top.finish());
    flush();
    return root;
  }

  /**
   * Every file is some part of the same random block: as in real life, each has a digest of its
   * own.
   */
  private BlockRef writeContent() throws FsException {
    byte[] raw = new byte[1 << 20];
    random.nextBytes(raw);
    PackBuilder pack = new PackBuilder(PackId.random(random), PackKind.DATA);
    BlockRef ref = append(pack, raw);
    store.putIfAbsent(PackLayout.key(dataset.id(), pack.id()), pack.finish());
    return ref;
  }

  private static TreeEntry.File file(String name, BlockRef content, int number) {
    int length = 4096;
    int offset = (int) ((number * 7919L) % (content.rawLength() - length));
    Digest digest = Digest.compute(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Extent extent = new Extent.Stored(content, offset, length);
    FileContent extents = new FileContent.Extents(List.of(extent));
    return new TreeEntry.File(name, 0644, TIME.plusNanos(number), length, digest, extents);
  }

  private BlockRef storePage(byte[] page) throws FsException {
    BlockRef ref = append(pages, page);
    if (pages.length() > PACK_BYTES) {
      flush();
    }
    return ref;
  }

  private BlockRef append(PackBuilder pack, byte[] raw) {
    Digest digest = Digest.compute(raw);
    return pack.append(
        BlockCodec.encode(raw, raw.length, context),
        raw.length,
        digest,
        List.of(new PackIndex.Chunk(digest, raw.length)));
  }

  private void flush() throws FsException {
    if (!pages.isEmpty()) {
      store.putIfAbsent(PackLayout.key(dataset.id(), pages.id()), pages.finish());
      pages = new PackBuilder(PackId.random(random), PackKind.TREE);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
