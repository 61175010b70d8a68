package io.datasetfs.commit;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.FileReader;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.TreeVisitor;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.staging.OpenMode;
import io.datasetfs.staging.StagedAttributes;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedInode;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Trees as text, a line an entry, so that a source and a version can be compared. */
final class TreeListing {
  private static final int BUFFER = 1 << 20;

  private TreeListing() {}

  /** What is below a directory of this machine, by path. */
  static SortedMap<String, String> ofSource(Path directory) throws IOException {
    SortedMap<String, String> lines = new TreeMap<>();
    addSource(directory, "", lines);
    return lines;
  }

  private static void addSource(Path directory, String prefix, SortedMap<String, String> lines)
      throws IOException {
    List<Path> children;
    try (Stream<Path> stream = Files.list(directory)) {
      children = stream.toList();
    }
    for (Path child : children) {
      Map<String, Object> attributes =
          Files.readAttributes(child, "unix:mode,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
      int mode = (Integer) attributes.get("mode");
      Instant mtime = ((FileTime) attributes.get("lastModifiedTime")).toInstant();
      String path = prefix + child.getFileName();
      switch (mode & 0170000) {
        case 0040000 -> {
          lines.put(path, line("d", mode & 07777, mtime, ""));
          addSource(child, path + "/", lines);
        }
        case 0120000 ->
            lines.put(
                path, line("l", mode & 07777, mtime, Files.readSymbolicLink(child).toString()));
        default -> {
          String content = attributes.get("size") + " " + digest(child);
          lines.put(path, line("f", mode & 07777, mtime, content));
        }
      }
    }
  }

  private static Digest digest(Path file) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(buffer.clear()) >= 0) {
        sha256.update(buffer.flip());
      }
    }
    return Digest.of(sha256.digest());
  }

  /** What a version holds, by path, every byte read. */
  static SortedMap<String, String> ofVersion(
      ObjectStore store, DatasetId dataset, TreeEntry.Directory root) throws FsException {
    SortedMap<String, String> lines = new TreeMap<>();
    try (Fetcher fetcher = new Fetcher()) {
      DatasetReader reader =
          new DatasetReader(store, dataset, fetcher, ReadCaches.bounded(16 << 20, 16 << 20));
      reader
          .tree(root)
          .walk(
              new TreeVisitor() {
                @Override
                public void visit(String path, TreeEntry entry) throws FsException {
                  lines.put(path, describe(reader, entry));
                }
              });
    }
    return lines;
  }

  /** What an uncommitted version holds, by path, as whoever uses it sees it. */
  static SortedMap<String, String> ofStaged(StagedVersion version) throws FsException {
    SortedMap<String, String> lines = new TreeMap<>();
    addStaged(version, version.root(), "", lines);
    return lines;
  }

  private static void addStaged(
      StagedVersion version, StagedInode directory, String prefix, SortedMap<String, String> lines)
      throws FsException {
    Map<String, StagedInode> children = new TreeMap<>();
    version.list(directory, 0, (name, inode, cookie) -> children.put(name, inode) == null);
    for (Map.Entry<String, StagedInode> child : children.entrySet()) {
      StagedAttributes attributes = version.attributes(child.getValue());
      String path = prefix + child.getKey();
      int mode = attributes.mode();
      Instant mtime = attributes.mtime();
      switch (attributes.kind()) {
        case DIRECTORY -> {
          lines.put(path, line("d", mode, mtime, ""));
          addStaged(version, child.getValue(), path + "/", lines);
        }
        case SYMLINK -> lines.put(path, line("l", mode, mtime, version.readLink(child.getValue())));
        default -> {
          String content = attributes.size() + " " + digest(version, child.getValue());
          lines.put(path, line("f", mode, mtime, content));
        }
      }
    }
  }

  private static Digest digest(StagedVersion version, StagedInode inode) throws FsException {
    MessageDigest sha256 = Digest.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try (StagedFile file = version.open(inode, OpenMode.READ)) {
      for (long at = 0; file.read(at, buffer.clear()) > 0; at += buffer.limit()) {
        sha256.update(buffer.flip());
      }
    }
    return Digest.of(sha256.digest());
  }

  private static String describe(DatasetReader reader, TreeEntry entry) throws FsException {
    if (entry instanceof TreeEntry.Symlink link) {
      return line("l", link.mode(), link.mtime(), link.target());
    }
    if (entry instanceof TreeEntry.Directory) {
      return line("d", entry.mode(), entry.mtime(), "");
    }
    TreeEntry.File file = (TreeEntry.File) entry;
    Digest content = digest(reader, file);
    if (!content.equals(file.digest())) {
      throw new AssertionError(file.name() + " has another digest than its entry says");
    }
    return line("f", file.mode(), file.mtime(), file.size() + " " + content);
  }

  private static Digest digest(DatasetReader reader, TreeEntry.File file) throws FsException {
    MessageDigest sha256 = Digest.sha256();
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(1, Math.min(file.size(), BUFFER)));
    try (FileReader open = reader.open(file)) {
      long at = 0;
      while (at < file.size()) {
        int count = open.read(at, buffer.clear());
        if (count <= 0) {
          throw new AssertionError(file.name() + " ends at " + at);
        }
        sha256.update(buffer.flip());
        at += count;
      }
    }
    return Digest.of(sha256.digest());
  }

  private static String line(String type, int mode, Instant mtime, String content) {
    return "%s %o %s %s".formatted(type, mode, mtime, content);
  }
}
