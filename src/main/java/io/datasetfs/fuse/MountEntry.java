package io.datasetfs.fuse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mount, as the kernel lists it.
 *
 * @param device {@code major:minor}
 * @param path where it is
 * @param type its file system, such as {@code fuse.dsfs}
 * @param source what it calls its device
 */
public record MountEntry(String device, String path, String type, String source) {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");

  /** All mounts that this process sees, each above those before it. */
  static List<MountEntry> all() throws IOException {
    return parse(Files.readAllBytes(TABLE));
  }

  /** What is mounted at exactly this path, uppermost. */
  static Optional<MountEntry> at(Path path) throws IOException {
    MountEntry found = null;
    for (MountEntry entry : all()) {
      if (entry.path.equals(path.toString())) {
        found = entry;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Reads the text of {@code /proc/self/mountinfo}; lines that it does not understand are left. */
  static List<MountEntry> parse(byte[] table) {
    List<MountEntry> entries = new ArrayList<>();
    // Latin-1 keeps the bytes, which are decoded field by field
    for (String line : new String(table, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      int dash = line.indexOf(" - ");
      if (dash < 0) {
        continue;
      }
      String[] left = line.substring(0, dash).split(" ", -1);
      String[] right = line.substring(dash + " - ".length()).split(" ", -1);
      if (left.length >= 5 && right.length >= 2) {
        entries.add(
            new MountEntry(left[2], unescape(left[4]), unescape(right[0]), unescape(right[1])));
      }
    }
    return entries;
  }

  /** Undoes the kernel's octal escapes of blanks, tabs, newlines and backslashes. */
  private static String unescape(String field) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 3 < field.length()) {
        bytes.write(Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
