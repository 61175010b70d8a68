package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The room on a disk.
 *
 * @param blockSize bytes in a block
 * @param blocks blocks in all
 * @param available blocks that can be written
 * @param files inodes in all, 0 where they are made as needed
 * @param freeFiles inodes that can be made
 */
public record DiskSpace(long blockSize, long blocks, long available, long files, long freeFiles) {
  // struct statvfs, of 64-bit fields on all 64-bit machines
  private static final int BYTES = 256;
  private static final int BLOCK_SIZE = 8;
  private static final int BLOCKS = 16;
  private static final int AVAILABLE = 32;
  private static final int FILES = 40;
  private static final int FREE_FILES = 56;

  /**
   * That of the disk that a file or directory is on.
   *
   * @throws FsException NOT_FOUND and others
   */
  public static DiskSpace of(Path path) throws FsException {
    byte[] name = Utf8.encode(path.toString());
    byte[] answer = new byte[BYTES];
    if (SystemCalls.INSTANCE.statvfs(Arrays.copyOf(name, name.length + 1), answer) < 0) {
      throw NativeFile.failure(path);
    }
    ByteBuffer fields = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
    return new DiskSpace(
        fields.getLong(BLOCK_SIZE),
        fields.getLong(BLOCKS),
        fields.getLong(AVAILABLE),
        fields.getLong(FILES),
        fields.getLong(FREE_FILES));
  }
}
