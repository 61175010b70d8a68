package io.datasetfs.commit;

import io.datasetfs.format.PackBuilder;
import io.datasetfs.format.PackKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import java.util.random.RandomGenerator;

/**
 * Fills packs with blocks of file contents, in the order in which they come. To be used by one
 * thread.
 */
final class DataPacks {
  private static final int PACK_BYTES = 32 << 20;

  /** Bounds a pack's index where chunks are tiny. */
  private static final int PACK_CHUNKS = 1 << 16;

  private final PackUploader uploader;
  private final RandomGenerator random;
  private PackBuilder pack;

  DataPacks(PackUploader uploader, RandomGenerator random) {
    this.uploader = uploader;
    this.random = random;
    this.pack = newPack();
  }

  private PackBuilder newPack() {
    return new PackBuilder(PackId.random(random), PackKind.DATA);
  }

  /** Gives a block its place; does nothing when there is none. */
  void place(ContentEncoder.NewBlock block) throws FsException {
    if (block == null) {
      return;
    }
    block
        .slot()
        .place(pack.append(block.encoded(), block.rawLength(), block.digest(), block.chunks()));
    if (pack.length() >= PACK_BYTES || pack.chunks() >= PACK_CHUNKS) {
      flush();
    }
  }

  /** Sends off what is left. */
  void flush() throws FsException {
    if (!pack.isEmpty()) {
      uploader.uploadData(pack);
      pack = newPack();
    }
  }
}
