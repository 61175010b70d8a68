package io.datasetfs.catalog;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * How the processes of one user on one machine tell each other that they have changed the catalog:
 * a file that grows by a byte at every change. Whoever shows the catalog looks at the file, which
 * costs next to nothing, and asks a distant provider anew when it has grown. Nothing depends on it:
 * a nudge that is lost makes news come later. Thread-safe.
 */
public final class Nudge {
  /** Nobody hears it. */
  public static final Nudge NONE = new Nudge(null);

  private static final System.Logger LOG = System.getLogger(Nudge.class.getName());

  /** Then it begins anew. */
  private static final long MAX_BYTES = 1 << 16;

  private static final Seen NEVER = new Seen(-1, FileTime.fromMillis(0));

  private final Path file;

  /**
   * @param file in a directory that all those processes have in common; where the directory is
   *     missing, nobody listens
   */
  public Nudge(Path file) {
    this.file = file;
  }

  /**
   * The file as somebody saw it.
   *
   * @param size its length; negative when there is none
   * @param modified when it was last written
   */
  public record Seen(long size, FileTime modified) {}

  /** Makes the file's directory, so that nudges are given from now on. */
  public void listen() {
    if (file == null) {
      return;
    }
    try {
      Files.createDirectories(
          file.toAbsolutePath().getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cannot listen at {0}: {1}", file, e);
    }
  }

  /** Says that something has changed. */
  void give() {
    if (file == null) {
      return;
    }
    try {
      boolean full = Files.exists(file) && Files.size(file) >= MAX_BYTES;
      Files.write(
          file,
          new byte[1],
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          full ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND);
    } catch (NoSuchFileException e) {
      // No directory: nobody has ever listened here.
      return;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cannot nudge by {0}: {1}", file, e);
    }
  }

  /** Looks at the file: what differs from what was seen before is a nudge. */
  public Seen look() {
    if (file == null) {
      return NEVER;
    }
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Seen(now.size(), now.lastModifiedTime());
    } catch (IOException e) {
      return NEVER;
    }
  }
}
