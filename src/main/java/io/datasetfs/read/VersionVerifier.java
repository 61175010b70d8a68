package io.datasetfs.read;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.format.ContentDigest;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.Directory;
import io.datasetfs.model.TreeEntry.FileContent;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.ObjectStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Checks that a version can be read whole: every page and every block is fetched and verified,
 * every block is in its pack's index with the right chunks, every directory holds what its summary
 * says, and, on request, every file has its digest. Damage does not end it, so that the report
 * names all of it. Used once, by one thread.
 */
public final class VersionVerifier {
  private static final long CACHE_BYTES = 32L << 20;

  private final DatasetId dataset;
  private final boolean fileDigests;
  private final PageSource pages;
  private final BlockSource blocks;
  private final Fetcher fetcher = new Fetcher();
  private final PackAudit audit;

  private final SortedMap<String, List<String>> damagedObjects = new TreeMap<>();
  private final SortedSet<String> damagedPaths = new TreeSet<>();
  private final Set<BlockRef> checked = new HashSet<>();
  private final Map<BlockRef, FsException> damagedBlocks = new HashMap<>();
  private long entries;
  private long bytes;

  /**
   * Verifies versions of {@code dataset} in {@code store}.
   *
   * @param fileDigests whether to compute the digest of every file as well: blocks that files share
   *     may then be fetched several times
   */
  public VersionVerifier(ObjectStore store, DatasetId dataset, boolean fileDigests) {
    this.dataset = dataset;
    this.fileDigests = fileDigests;
    ReadCaches caches = ReadCaches.bounded(CACHE_BYTES, CACHE_BYTES);
    this.audit = new PackAudit(store, dataset);
    this.blocks = new BlockSource(caches.blocks(), BlockTier.NONE, fetcher, store, dataset);
    this.pages =
        new PageSource(
            caches.pages(),
            blocks,
            ref -> noting(ref, () -> audit.requireIndexed(ref, blocks.load(ref))));
  }

  /**
   * Verifies the version with this root.
   *
   * @throws FsException when something other than damage keeps it from being read
   */
  public VerificationReport verify(Directory root) throws FsException {
    try (fetcher) {
      return verifyAll(root);
    }
  }

  private VerificationReport verifyAll(Directory root) throws FsException {
    VersionTree tree = new VersionTree(pages, root, null);
    verifySummary(tree, "", root);
    tree.walk(
        new TreeVisitor() {
          @Override
          public void visit(String path, TreeEntry entry) throws FsException {
            entries++;
            if (entry instanceof Directory directory) {
              verifySummary(tree, path, directory);
            } else if (entry instanceof TreeEntry.File file) {
              verifyFile(path, file);
            }
          }

          @Override
          public void failed(String path, FsException failure) throws FsException {
            requireDamage(failure);
            damagedPaths.add(path + "/");
          }
        });
    return new VerificationReport(
        entries,
        checked.size(),
        bytes,
        Collections.unmodifiableSortedMap(damagedObjects),
        Collections.unmodifiableSortedSet(damagedPaths));
  }

  private void verifySummary(VersionTree tree, String path, Directory directory)
      throws FsException {
    ContentDigest sum = new ContentDigest();
    try {
      tree.list(directory)
          .list(
              0,
              (item, position) -> {
                sum.add(item.entry());
                return true;
              });
    } catch (FsException e) {
      requireDamage(e);
      damagedPaths.add(path + "/");
      return;
    }
    if (!sum.finish().equals(directory.summary())) {
      damagedPaths.add(path + "/");
    }
  }

  private void verifyFile(String path, TreeEntry.File file) throws FsException {
    MessageDigest sha256 = fileDigests ? Digest.sha256() : null;
    try {
      if (file.content() instanceof FileContent.Inline) {
        // Its digest is not stored but computed from the bytes.
        return;
      }
      boolean whole = verifyExtents(file, sha256);
      if (!whole || (sha256 != null && !Digest.of(sha256.digest()).equals(file.digest()))) {
        damagedPaths.add(path);
      }
    } catch (FsException e) {
      requireDamage(e);
      damagedPaths.add(path);
    }
  }

  private boolean verifyExtents(TreeEntry.File file, MessageDigest sha256) throws FsException {
    FileExtents extents = new FileExtents(file, pages);
    boolean whole = true;
    long at = 0;
    while (at < file.size()) {
      FileExtents.Located located = extents.locate(at);
      if (located.extent() instanceof Extent.Stored stored) {
        whole &= verifyBlock(stored.block());
        if (whole && sha256 != null) {
          byte[] block = load(stored.block());
          sha256.update(block, stored.offset(), (int) stored.length());
        }
      } else if (sha256 != null) {
        updateWithZeros(sha256, located.extent().length());
      }
      at = located.end();
    }
    return whole;
  }

  private boolean verifyBlock(BlockRef ref) throws FsException {
    if (damagedBlocks.containsKey(ref)) {
      return false;
    }
    if (checked.add(ref)) {
      try {
        byte[] raw = load(ref);
        noting(ref, () -> audit.requireIndexed(ref, raw));
        bytes += raw.length;
      } catch (FsException e) {
        requireDamage(e);
        return false;
      }
    }
    return true;
  }

  private byte[] load(BlockRef ref) throws FsException {
    return noting(ref, () -> blocks.load(ref));
  }

  private static void updateWithZeros(MessageDigest sha256, long count) {
    byte[] zeros = new byte[(int) Math.min(count, 1 << 20)];
    for (long left = count; left > 0; left -= zeros.length) {
      sha256.update(zeros, 0, (int) Math.min(left, zeros.length));
    }
  }

  private byte[] noting(BlockRef ref, Check check) throws FsException {
    FsException known = damagedBlocks.get(ref);
    if (known != null) {
      throw known;
    }
    try {
      return check.run();
    } catch (FsException e) {
      if (e.kind() == FailureKind.CORRUPT) {
        damagedBlocks.put(ref, e);
        noteDamage(ref.pack(), e.getMessage());
      }
      throw e;
    }
  }

  private void noteDamage(PackId pack, String why) {
    String key = PackLayout.key(dataset, pack);
    damagedObjects.computeIfAbsent(key, k -> new ArrayList<>()).add(why);
  }

  private static void requireDamage(FsException failure) throws FsException {
    if (failure.kind() != FailureKind.CORRUPT) {
      throw failure;
    }
  }

  private interface Check {
    byte[] run() throws FsException;
  }
}
