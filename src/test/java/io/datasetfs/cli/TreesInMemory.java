package io.datasetfs.cli;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.model.Utf8;
import io.datasetfs.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Imports into memory and reads from there, so that commands can be tried without the format. */
final class TreesInMemory implements VersionImporter, VersionReaders, VersionReader {
  private static final PackId PACK = new PackId(1, 2);

  private final Map<Digest, List<TreeEntry>> pages = new HashMap<>();

  /** A directory that holds anything, also what no import would put there. */
  TreeEntry.Directory directory(String name, int mode, Instant mtime, List<TreeEntry> entries) {
    long bytes = 0;
    long files = 0;
    for (TreeEntry entry : entries) {
      bytes += entry instanceof TreeEntry.Directory d ? d.summary().bytes() : entry.size();
      files += entry instanceof TreeEntry.Directory d ? d.summary().files() : 1;
    }
    Digest digest = Digest.compute(Utf8.encode(name + "#" + pages.size()));
    pages.put(digest, entries);
    return new TreeEntry.Directory(
        name,
        mode,
        mtime,
        new TreeSummary(entries.size(), 0, files, bytes, digest),
        new BlockRef(PACK, 0, 1, 1, Codec.RAW, digest));
  }

  TreeEntry.File file(String name, String content, Instant mtime) {
    byte[] bytes = Utf8.encode(content);
    return new TreeEntry.File(
        name,
        0640,
        mtime,
        bytes.length,
        Digest.compute(bytes),
        new TreeEntry.FileContent.Inline(bytes));
  }

  @Override
  public TreeEntry.Directory importTree(Request request, Progress progress) throws FsException {
    try {
      List<TreeEntry> entries = new ArrayList<>();
      for (Source source : request.sources()) {
        if (source.contents()) {
          entries.addAll(entries(source.path()));
        } else {
          entries.add(entry(source.path()));
        }
      }
      return directory("", 0755, Instant.EPOCH, entries);
    } catch (IOException e) {
      throw FsException.from("import", e);
    }
  }

  private List<TreeEntry> entries(Path directory) throws IOException {
    List<TreeEntry> entries = new ArrayList<>();
    try (var paths = Files.list(directory)) {
      for (Path path : paths.sorted(Comparator.comparing(Path::getFileName)).toList()) {
        entries.add(entry(path));
      }
    }
    return entries;
  }

  private TreeEntry entry(Path path) throws IOException {
    String name = path.getFileName().toString();
    int mode = 07777 & (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    Instant mtime = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
    if (Files.isSymbolicLink(path)) {
      return new TreeEntry.Symlink(name, mode, mtime, Files.readSymbolicLink(path).toString());
    }
    if (Files.isDirectory(path)) {
      return directory(name, mode, mtime, entries(path));
    }
    byte[] content = Files.readAllBytes(path);
    return new TreeEntry.File(
        name,
        mode,
        mtime,
        content.length,
        Digest.compute(content),
        new TreeEntry.FileContent.Inline(content));
  }

  @Override
  public VersionReader open(Dataset dataset, ObjectStore store) {
    return this;
  }

  @Override
  public Optional<TreeEntry> find(TreeEntry.Directory directory, String name) {
    return pages.get(directory.page().digest()).stream()
        .filter(e -> e.name().equals(name))
        .findFirst();
  }

  @Override
  public void list(TreeEntry.Directory directory, EntryVisitor visitor) throws FsException {
    for (TreeEntry entry : pages.get(directory.page().digest())) {
      visitor.visit(entry);
    }
  }

  @Override
  public void copy(TreeEntry.File file, ContentSink sink) throws IOException {
    byte[] content = ((TreeEntry.FileContent.Inline) file.content()).bytes();
    if (file.name().startsWith("broken")) {
      sink.data(ByteBuffer.wrap(content, 0, 1));
      throw new FsException(FailureKind.CORRUPT, "pack 17 is damaged");
    }
    // Runs of zeros of any length are holes here.
    int from = 0;
    while (from < content.length) {
      int to = from;
      while (to < content.length && (content[to] == 0) == (content[from] == 0)) {
        to++;
      }
      if (content[from] == 0) {
        sink.hole(to - from);
      } else {
        sink.data(ByteBuffer.wrap(content, from, to - from));
      }
      from = to;
    }
  }

  @Override
  public void close() {}
}
