package io.datasetfs.read;

import com.github.luben.zstd.ZstdCompressCtx;
import io.datasetfs.format.BlockCodec;
import io.datasetfs.format.ContentDigest;
import io.datasetfs.format.DirectoryWriter;
import io.datasetfs.format.ExtentWriter;
import io.datasetfs.format.PackBuilder;
import io.datasetfs.format.PackIndex;
import io.datasetfs.format.PackKind;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import io.datasetfs.store.ObjectStore;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Writes model trees as versions, as an import would, without any cleverness. */
public final class VersionBuilder {
  private static final int PACK_BYTES = 4 << 20;

  private final ObjectStore store;
  private final DatasetId dataset;
  private final SplittableRandom random;
  private final int blockBytes;
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private PackBuilder data;
  private PackBuilder tree;

  /** Cuts the bytes of files into blocks of up to {@code blockBytes}. */
  public VersionBuilder(ObjectStore store, DatasetId dataset, long seed, int blockBytes) {
    this.store = store;
    this.dataset = dataset;
    this.random = new SplittableRandom(seed);
    this.blockBytes = blockBytes;
    this.data = newPack(PackKind.DATA);
    this.tree = newPack(PackKind.TREE);
  }

  private PackBuilder newPack(PackKind kind) {
    return new PackBuilder(PackId.random(random), kind);
  }

  /** Stores a whole version; its root has no name. */
  public TreeEntry.Directory store(Model.Directory root) throws FsException {
    TreeEntry.Directory stored = storeDirectory("", root);
    flush();
    return stored;
  }

  private TreeEntry.Directory storeDirectory(String name, Model.Directory directory)
      throws FsException {
    DirectoryWriter pages = new DirectoryWriter(this::storePage);
    ContentDigest sum = new ContentDigest();
    for (Map.Entry<String, Model> child : directory.children().entrySet()) {
      TreeEntry entry = storeEntry(child.getKey(), child.getValue());
      pages.add(entry);
      sum.add(entry);
    }
    return new TreeEntry.Directory(
        name, directory.mode(), directory.mtime(), sum.finish(), pages.finish());
  }

  /** Stores a directory with these entries; {@link #flush} has to follow. */
  public TreeEntry.Directory storeDirectory(String name, List<TreeEntry> entries)
      throws FsException {
    DirectoryWriter pages = new DirectoryWriter(this::storePage);
    ContentDigest sum = new ContentDigest();
    for (TreeEntry entry : entries) {
      pages.add(entry);
      sum.add(entry);
    }
    return new TreeEntry.Directory(name, 0755, Model.TIME, sum.finish(), pages.finish());
  }

  private TreeEntry storeEntry(String name, Model model) throws FsException {
    if (model instanceof Model.Directory directory) {
      return storeDirectory(name, directory);
    }
    if (model instanceof Model.Link link) {
      return new TreeEntry.Symlink(name, 0777, link.mtime(), link.target());
    }
    return storeFile(name, (Model.File) model);
  }

  /** Stores one file; {@link #flush} has to follow before it can be read. */
  public TreeEntry.File storeFile(String name, Model.File file) throws FsException {
    MessageDigest sha256 = Digest.sha256();
    FileContent content = file.inline() ? storeInline(file, sha256) : storeExtents(file, sha256);
    return new TreeEntry.File(
        name, file.mode(), file.mtime(), file.size(), Digest.of(sha256.digest()), content);
  }

  private static FileContent storeInline(Model.File file, MessageDigest sha256) {
    byte[] bytes = file.bytes(0, (int) file.size());
    sha256.update(bytes);
    return new FileContent.Inline(bytes);
  }

  private FileContent storeExtents(Model.File file, MessageDigest sha256) throws FsException {
    ExtentWriter extents = new ExtentWriter(this::storePage);
    byte[] zeros = new byte[1 << 20];
    for (Model.Segment segment : file.segments()) {
      if (segment.bytes() == null) {
        extents.add(new Extent.Hole(segment.length()));
        // Digests of gigabytes of zeros would take the tests too long; nothing here checks them.
        if (segment.length() <= zeros.length) {
          sha256.update(zeros, 0, (int) segment.length());
        }
        continue;
      }
      sha256.update(segment.bytes());
      storeSegment(segment.bytes(), extents);
    }
    return extents.finish();
  }

  private void storeSegment(byte[] bytes, ExtentWriter extents) throws FsException {
    for (int at = 0; at < bytes.length; ) {
      int count = Math.min(bytes.length - at, 1 + random.nextInt(blockBytes));
      // Bytes before and after the file's own: an extent need not be a whole block.
      int before = random.nextInt(4);
      byte[] block = new byte[before + count + random.nextInt(4)];
      System.arraycopy(bytes, at, block, before, count);
      extents.add(new Extent.Stored(storeBlock(block), before, count));
      at += count;
    }
  }

  /** Stores a block of one chunk. */
  public BlockRef storeBlock(byte[] block) throws FsException {
    Digest digest = Digest.compute(block);
    BlockRef ref =
        data.append(
            BlockCodec.encode(block, block.length, zstd),
            block.length,
            digest,
            List.of(new PackIndex.Chunk(digest, block.length)));
    if (data.length() >= PACK_BYTES) {
      data = put(data, PackKind.DATA);
    }
    return ref;
  }

  private BlockRef storePage(byte[] page) throws FsException {
    Digest digest = Digest.compute(page);
    BlockRef ref =
        tree.append(
            BlockCodec.encode(page, page.length, zstd),
            page.length,
            digest,
            List.of(new PackIndex.Chunk(digest, page.length)));
    if (tree.length() >= PACK_BYTES) {
      tree = put(tree, PackKind.TREE);
    }
    return ref;
  }

  private PackBuilder put(PackBuilder pack, PackKind kind) throws FsException {
    store.putIfAbsent(PackLayout.key(dataset, pack.id()), pack.finish());
    return newPack(kind);
  }

  /** Writes the packs that are open. */
  public void flush() throws FsException {
    if (!data.isEmpty()) {
      data = put(data, PackKind.DATA);
    }
    if (!tree.isEmpty()) {
      tree = put(tree, PackKind.TREE);
    }
  }
}
