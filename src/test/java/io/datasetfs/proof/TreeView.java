package io.datasetfs.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.fuse.PosixCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a tree: a line for each path. */
final class TreeView {
  private static final int TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int LINK = 0120000;
  private static final int ROOM = 5000;

  private final Path root;
  private final Instant start;
  private final boolean committed;
  private final SortedMap<String, String> lines = new TreeMap<>();
  private final Map<Object, String> first = new HashMap<>();

  private TreeView(Path root, Instant start, boolean committed) {
    this.root = root;
    this.start = start;
    this.committed = committed;
  }

  /**
   * Everything that programs can see, but for times that are not from before the start: those are
   * told to be such.
   */
  static SortedMap<String, String> all(Path root, Instant start) throws IOException {
    return new TreeView(root, start, false).look();
  }

  /** What a commit keeps: types, permissions, times of modification and contents. */
  static SortedMap<String, String> committed(Path root) throws IOException {
    return new TreeView(root, Instant.MAX, true).look();
  }

  /** Requires that two trees are the same. */
  static void requireSame(SortedMap<String, String> expected, SortedMap<String, String> actual) {
    assertEquals("", difference(expected, actual));
  }

  private static String difference(
      SortedMap<String, String> expected, SortedMap<String, String> actual) {
    StringBuilder text = new StringBuilder();
    expected.forEach(
        (path, line) -> {
          if (!line.equals(actual.get(path))) {
            text.append("\n  expected ").append(path).append(": ").append(line);
            text.append("\n  actual   ").append(path).append(": ").append(actual.get(path));
          }
        });
    actual.forEach(
        (path, line) -> {
          if (!expected.containsKey(path)) {
            text.append("\n  too much ").append(path).append(": ").append(line);
          }
        });
    return text.toString();
  }

  private SortedMap<String, String> look() throws IOException {
    look("", root);
    return lines;
  }

  private void look(String name, Path path) throws IOException {
    Map<String, Object> seen = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) seen.get("mode");
    StringBuilder line = new StringBuilder(Integer.toOctalString(mode));
    Instant mtime = ((FileTime) seen.get("lastModifiedTime")).toInstant();
    line.append(' ').append(mtime.isBefore(start) ? mtime : "now");
    if ((mode & TYPE) != DIRECTORY) {
      line.append(" size ").append(seen.get("size"));
    }
    if (!committed) {
      line.append(" owner ").append(seen.get("uid")).append(':').append(seen.get("gid"));
      line.append(" links ").append(seen.get("nlink"));
      String same = first.putIfAbsent(seen.get("ino"), name);
      line.append(same == null ? "" : " same as " + same);
      extended(path, mode, line);
    }
    switch (mode & TYPE) {
      case REGULAR -> line.append(" content ").append(Arrays.hashCode(Files.readAllBytes(path)));
      case LINK -> line.append(" to ").append(Files.readSymbolicLink(path));
      default -> {}
    }
    lines.put(name, line.toString());
    if ((mode & TYPE) == DIRECTORY) {
      List<Path> below;
      try (Stream<Path> listed = Files.list(path)) {
        below = listed.sorted().toList();
      }
      for (Path child : below) {
        look((name.isEmpty() ? "" : name + "/") + child.getFileName(), child);
      }
    }
  }

  private static void extended(Path path, int mode, StringBuilder line) {
    if ((mode & TYPE) != REGULAR && (mode & TYPE) != DIRECTORY) {
      return;
    }
    byte[] at = (path + "\0").getBytes(StandardCharsets.UTF_8);
    for (String name : List.of("user.a", "user.b")) {
      byte[] value = new byte[ROOM];
      byte[] attribute = (name + "\0").getBytes(StandardCharsets.UTF_8);
      long size = PosixCalls.C.getxattr(at, attribute, value, ROOM);
      if (size >= 0) {
        line.append(' ')
            .append(name)
            .append(' ')
            .append(size)
            .append(' ')
            .append(Arrays.hashCode(value));
      }
    }
  }
}
