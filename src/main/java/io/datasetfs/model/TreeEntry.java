package io.datasetfs.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One name in a directory of a committed version, with everything that is known about what it
 * names.
 */
public sealed interface TreeEntry {
  /** The name: 1 to 255 bytes of UTF-8 without {@code /} and NUL, not {@code .} or {@code ..}. */
  String name();

  /** The permission bits, {@code 07777} at most. */
  int mode();

  /** When the content was last modified, to the nanosecond. */
  Instant mtime();

  /** The size in bytes that {@code stat} reports. */
  long size();

  /**
   * A regular file.
   *
   * @param name its name
   * @param mode its permission bits
   * @param mtime its modification time
   * @param size its length in bytes
   * @param digest SHA-256 of its content
   * @param content where its bytes are
   */
  record File(String name, int mode, Instant mtime, long size, Digest digest, FileContent content)
      implements TreeEntry {}

  /**
   * A symbolic link.
   *
   * @param name its name
   * @param mode its permission bits, 0777 on Linux
   * @param mtime its modification time
   * @param target what it points to, 1 to 4095 bytes of UTF-8
   */
  record Symlink(String name, int mode, Instant mtime, String target) implements TreeEntry {
    @Override
    public long size() {
      return Utf8.encode(target).length;
    }
  }

  /**
   * A directory.
   *
   * @param name its name; empty for a version's root
   * @param mode its permission bits
   * @param mtime its modification time
   * @param summary what it holds
   * @param page its root page, or {@code null} when it is empty
   */
  record Directory(String name, int mode, Instant mtime, TreeSummary summary, BlockRef page)
      implements TreeEntry {
    /** Requires a summary. */
    public Directory {
      Objects.requireNonNull(summary);
    }

    /** Nominal, as on ext4: directories have no byte length of their own. */
    @Override
    public long size() {
      return 4096;
    }
  }

  /** Where a regular file's bytes are. */
  sealed interface FileContent {
    /**
     * The bytes themselves.
     *
     * @param bytes the whole content; not to be changed
     */
    record Inline(byte[] bytes) implements FileContent {}

    /**
     * A list of extents that covers the file.
     *
     * @param extents the extents in file order
     */
    record Extents(List<Extent> extents) implements FileContent {
      /** Copies the list. */
      public Extents {
        extents = List.copyOf(extents);
      }
    }

    /**
     * Extents in pages of their own, for a file that has many.
     *
     * @param page the root page of the extents
     */
    record Paged(BlockRef page) implements FileContent {
      /** Requires a page. */
      public Paged {
        Objects.requireNonNull(page);
      }
    }
  }
}
