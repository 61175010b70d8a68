package io.datasetfs.store.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What tells one state of a file from another without its content.
 *
 * @param inode its inode number
 * @param size in bytes
 * @param modified when its content last changed, in nanoseconds since 1970
 * @param isRegularFile whether it is neither a directory nor something special
 */
record FileState(long inode, long size, long modified, boolean isRegularFile) {
  /** The state that the file is in, all of one moment. */
  static FileState of(Path file) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(file, "unix:ino,size,lastModifiedTime,isRegularFile");
    return new FileState(
        (long) attributes.get("ino"),
        (long) attributes.get("size"),
        ((FileTime) attributes.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS),
        (boolean) attributes.get("isRegularFile"));
  }
}
