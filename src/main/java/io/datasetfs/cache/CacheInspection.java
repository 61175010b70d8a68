package io.datasetfs.cache;

import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a cache's directory and removes from it, whether or not others use it meanwhile: to them
 * what is gone is missing. Removes nothing but files that are named as blocks are, where blocks
 * are. For one use.
 */
public final class CacheInspection {
  private final CacheDirectory directory;
  private final boolean exists;
  private long removed;
  private long freed;

  /**
   * @throws FsException INVALID when the directory is no cache or somebody else's, NEWER_FORMAT
   */
  public CacheInspection(Path root) throws FsException {
    this.directory = new CacheDirectory(root);
    this.exists = directory.find();
  }

  /**
   * What a cache holds.
   *
   * @param blocks blocks of files' content
   * @param pages tree pages
   * @param bytes the disk space that both take
   * @param oldest when that was used which has rested longest
   * @param newest when something was last used, as coarse as that is noted
   */
  public record Holding(
      long blocks, long pages, long bytes, Optional<Instant> oldest, Optional<Instant> newest) {}

  /**
   * What was removed.
   *
   * @param blocks how many blocks and pages
   * @param bytes the disk space that they took
   */
  public record Removed(long blocks, long bytes) {}

  private record Found(BlockFiles region, Digest digest, int length, Instant lastUse) {
    Path path() {
      return region.path(digest, length);
    }
  }

  private interface Visitor {
    void visit(Found block) throws IOException;
  }

  /** The bytes of the disk that the directory is on; 0 when it is missing. */
  public long disk() {
    return directory.root().toFile().getTotalSpace();
  }

  /** The bytes that are free on it; 0 when it is missing. */
  public long free() {
    return directory.root().toFile().getUsableSpace();
  }

  /** Counts what is there. */
  public Holding look() throws FsException {
    long[] counts = new long[3];
    Instant[] ends = new Instant[2];
    walk(
        block -> {
          counts[block.region() == directory.data() ? 0 : 1]++;
          counts[2] += CacheIndex.onDisk(block.length());
          ends[0] =
              ends[0] == null || block.lastUse().isBefore(ends[0]) ? block.lastUse() : ends[0];
          ends[1] = ends[1] == null || block.lastUse().isAfter(ends[1]) ? block.lastUse() : ends[1];
        });
    return new Holding(
        counts[0],
        counts[1],
        counts[2],
        Optional.ofNullable(ends[0]),
        Optional.ofNullable(ends[1]));
  }

  /** Removes everything. */
  public Removed clear() throws FsException {
    walk(this::remove);
    return ended();
  }

  /**
   * Removes what has not been used for long, what dead processes left, and then what was used least
   * recently, until the rest fits.
   *
   * @param unusedSince what was last used before this goes
   * @param maxBytes the disk space that may be taken
   * @param verify whether to read every block and remove those that are bad
   */
  public Removed prune(Instant unusedSince, long maxBytes, boolean verify) throws FsException {
    List<Found> kept = new ArrayList<>();
    walk(
        block -> {
          if (block.lastUse().isBefore(unusedSince) || (verify && !isGood(block))) {
            remove(block);
          } else {
            kept.add(block);
          }
        });
    long bytes = kept.stream().mapToLong(block -> CacheIndex.onDisk(block.length())).sum();
    if (bytes > maxBytes) {
      kept.sort(Comparator.comparing(Found::lastUse));
    }
    try {
      for (int i = 0; i < kept.size() && bytes > maxBytes; i++) {
        bytes -= CacheIndex.onDisk(kept.get(i).length());
        remove(kept.get(i));
      }
    } catch (IOException e) {
      throw FsException.from("The cache directory " + directory.root(), e);
    }
    return ended();
  }

  private void remove(Found block) throws IOException {
    if (block.region().delete(block.digest(), block.length())) {
      removed++;
      freed += CacheIndex.onDisk(block.length());
    }
  }

  private Removed ended() throws FsException {
    if (exists) {
      WriteSession.removeDead(directory.temporary());
      try {
        directory.sayChanged();
      } catch (IOException e) {
        throw FsException.from("The cache directory " + directory.root(), e);
      }
    }
    return new Removed(removed, freed);
  }

  private void walk(Visitor visitor) throws FsException {
    if (!exists) {
      return;
    }
    try {
      for (BlockFiles region : List.of(directory.data(), directory.pages())) {
        for (int i = 0; i < BlockFiles.DIRECTORIES; i++) {
          region.list(i, (digest, length) -> visit(region, digest, length, visitor));
        }
      }
    } catch (IOException e) {
      throw FsException.from("The cache directory " + directory.root(), e);
    }
  }

  private static void visit(BlockFiles region, Digest digest, int length, Visitor visitor)
      throws IOException {
    BasicFileAttributes file;
    try {
      file =
          Files.readAttributes(
              region.path(digest, length), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // somebody removed it
      return;
    }
    if (!file.isDirectory()) {
      visitor.visit(new Found(region, digest, length, DirectoryLook.lastUse(file)));
    }
  }

  private static boolean isGood(Found block) throws IOException {
    Path path = block.path();
    try {
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
          || Files.size(path) != block.length()) {
        return false;
      }
      byte[] raw = Files.readAllBytes(path);
      // To read it here is not to use it.
      Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setTimes(null, FileTime.from(block.lastUse()), null);
      return Digest.compute(raw).equals(block.digest());
    } catch (NoSuchFileException e) {
      return true;
    }
  }
}
