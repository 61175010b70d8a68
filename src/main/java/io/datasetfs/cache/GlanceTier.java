package io.datasetfs.cache;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * What a disk cache holds, for who only passes by: a command that reads blocks that are there and
 * leaves none, looks after nothing and needs no index. Every block is verified each time.
 * Thread-safe.
 */
public final class GlanceTier implements BlockTier {
  private final BlockFiles files;

  private GlanceTier(BlockFiles files) {
    this.files = files;
  }

  /** The file content in the cache of a directory, which need not exist. */
  public static BlockTier blocksIn(Path directory) {
    return new GlanceTier(new CacheDirectory(directory).data());
  }

  /** The tree pages in the cache of a directory, which need not exist. */
  public static BlockTier pagesIn(Path directory) {
    return new GlanceTier(new CacheDirectory(directory).pages());
  }

  private Path path(BlockRef ref) {
    return files.path(ref.digest(), ref.rawLength());
  }

  @Override
  public boolean holds(BlockRef ref) {
    return Files.isRegularFile(path(ref), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public byte[] find(BlockRef ref) {
    try {
      Path file = path(ref);
      if (Files.size(file) != ref.rawLength()) {
        return null;
      }
      byte[] raw = Files.readAllBytes(file);
      return raw.length == ref.rawLength() && Digest.compute(raw).equals(ref.digest()) ? raw : null;
    } catch (IOException e) {
      // As if it were not there: it is fetched.
      return null;
    }
  }

  @Override
  public boolean read(BlockRef ref, int offset, int length, ByteBuffer target) {
    return false;
  }

  @Override
  public void offer(BlockRef ref, byte[] raw) {}
}
