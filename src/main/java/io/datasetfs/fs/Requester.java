package io.datasetfs.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who asks for a change: what it makes belongs to him. The kernel has checked his permissions, and
 * has applied his umask.
 *
 * @param uid the user, as whom he acts on files
 * @param gid the group
 * @param pid the process; 0 when it is in another namespace, or is the kernel itself
 */
public record Requester(int uid, int gid, int pid) {
  private static final String GROUPS = "Groups:";

  /** Whether he is in a group. Of a process that cannot be seen only the first group is known. */
  public boolean isIn(int group) {
    return group == gid || (pid > 0 && groups().contains(Integer.toUnsignedString(group)));
  }

  private List<String> groups() {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc", Integer.toString(pid), "status"), ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(GROUPS))
          .flatMap(line -> Stream.of(line.substring(GROUPS.length()).strip().split(" ", -1)))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  /** Whether he may keep the set-user and set-group bits of what he writes to. */
  public boolean isPrivileged() {
    return uid == 0;
  }
}
