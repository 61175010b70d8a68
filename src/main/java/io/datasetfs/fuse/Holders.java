package io.datasetfs.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds who keeps a mount busy: processes with a working directory, a root, an open file or a
 * mapped one in it, as far as this user may see them, and mounts below it.
 */
final class Holders {
  private static final Path PROC = Path.of("/proc");
  private static final int MOST = 10;

  private Holders() {}

  /** Names them, such as {@code bash (1234), cat (99)}. */
  static String of(Path mountpoint) {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, mountpoint.toString())) {
          found.add(name(process) + " (" + process.getFileName() + ")");
        }
      }
      for (MountEntry entry : MountEntry.all()) {
        if (isWithin(entry.path(), mountpoint.toString())
            && !entry.path().equals(mountpoint.toString())) {
          found.add("the mount at " + entry.path());
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // then fewer are known
    }
    if (found.isEmpty()) {
      return "processes that cannot be seen from here";
    }
    String more = found.size() > MOST ? " and " + (found.size() - MOST) + " more" : "";
    return String.join(", ", found.subList(0, Math.min(MOST, found.size()))) + more;
  }

  private static boolean holds(Path process, String mountpoint) {
    return pointsInto(process.resolve("cwd"), mountpoint)
        || pointsInto(process.resolve("root"), mountpoint)
        || hasOpen(process, mountpoint)
        || hasMapped(process, mountpoint);
  }

  private static boolean hasOpen(Path process, String mountpoint) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (pointsInto(file, mountpoint)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // gone, even while it is being looked at, or somebody else's
    }
    return false;
  }

  private static boolean hasMapped(Path process, String mountpoint) {
    try {
      String maps = new String(Files.readAllBytes(process.resolve("maps")), StandardCharsets.UTF_8);
      return maps.lines()
          .anyMatch(
              line -> {
                int slash = line.indexOf('/');
                return slash > 0 && isWithin(line.substring(slash), mountpoint);
              });
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean pointsInto(Path link, String mountpoint) {
    try {
      return isWithin(Files.readSymbolicLink(link).toString(), mountpoint);
    } catch (IOException | RuntimeException e) {
      return false; // gone, somebody else's, or a name that this JVM cannot express
    }
  }

  private static boolean isWithin(String path, String mountpoint) {
    return path.equals(mountpoint) || path.startsWith(mountpoint + "/");
  }

  private static String name(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      return "?";
    }
  }
}
