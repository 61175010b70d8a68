package io.datasetfs.commit;

import com.github.luben.zstd.ZstdCompressCtx;
import io.datasetfs.format.BlockCodec;
import io.datasetfs.format.PackBuilder;
import io.datasetfs.format.PackIndex;
import io.datasetfs.format.PackKind;
import io.datasetfs.format.PageSink;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Puts pages into packs, each page once in a dataset. What pages point to goes first: before a pack
 * of pages is stored, the data that came before is. To be used by one thread.
 */
final class TreePacks implements PageSink, AutoCloseable {
  private static final int PACK_BYTES = 32 << 20;

  private final ChunkTable known;
  private final DataPacks data;
  private final PackUploader uploader;
  private final RandomGenerator random;
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final int packBytes;
  private PackBuilder pack;

  /**
   * @param known the pages that are stored already
   * @param data where the blocks that the pages point to are put
   */
  TreePacks(ChunkTable known, DataPacks data, PackUploader uploader, RandomGenerator random) {
    this(known, data, uploader, random, PACK_BYTES);
  }

  /**
   * @param packBytes the length from which on a pack is stored
   */
  TreePacks(
      ChunkTable known,
      DataPacks data,
      PackUploader uploader,
      RandomGenerator random,
      int packBytes) {
    this.known = known;
    this.data = data;
    this.uploader = uploader;
    this.random = random;
    this.packBytes = packBytes;
    this.pack = newPack();
  }

  private PackBuilder newPack() {
    return new PackBuilder(PackId.random(random), PackKind.TREE);
  }

  @Override
  public BlockRef store(byte[] page) throws FsException {
    Digest digest = Digest.compute(page);
    Placement stored = known.find(digest);
    if (stored != null) {
      return stored.slot().ref();
    }
    BlockRef ref =
        pack.append(
            BlockCodec.encode(page, page.length, context),
            page.length,
            digest,
            List.of(new PackIndex.Chunk(digest, page.length)));
    known.claim(digest, new BlockSlot(ref), 0, page.length);
    if (pack.length() >= packBytes) {
      flush();
    }
    return ref;
  }

  /** Stores what is left; everything given is confirmed afterwards. */
  void flush() throws FsException {
    if (!pack.isEmpty()) {
      data.flush();
      uploader.uploadTree(pack);
      pack = newPack();
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
