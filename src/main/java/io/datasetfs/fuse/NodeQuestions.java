package io.datasetfs.fuse;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Learns the number that the kernel knows a directory by, which libfuse's high level hides: a name
 * that nobody else can know is looked up in the directory, through the mount. The lookup arrives
 * here with the directory's number, and is answered with "not found". Thread-safe.
 */
final class NodeQuestions {
  private static final String PREFIX = ".dsfs-";

  private final Map<String, Long> asked = new ConcurrentHashMap<>();

  /** Looks up a name in the directory in question. */
  @FunctionalInterface
  interface Lookup {
    void lookUp(String name);
  }

  /**
   * What was learned.
   *
   * @param node the kernel's number of the directory
   * @param name what was looked up in it, and what the kernel now knows not to be there
   */
  record Answer(long node, String name) {}

  /** Asks by way of {@code lookup}; empty when the lookup did not come back here. */
  Optional<Answer> ask(Lookup lookup) {
    String name = PREFIX + UUID.randomUUID();
    asked.put(name, 0L);
    Long node;
    try {
      lookup.lookUp(name);
    } finally {
      node = asked.remove(name);
    }
    return node == null || node == 0 ? Optional.empty() : Optional.of(new Answer(node, name));
  }

  /**
   * Notes the answer if the lookup of a path is a question's.
   *
   * @param path address of the path being looked up
   * @return whether it is
   */
  boolean answer(long path) {
    if (asked.isEmpty()) {
      return false; // nearly always
    }
    String text = new String(CStrings.bytesAt(path), StandardCharsets.ISO_8859_1);
    String name = text.substring(text.lastIndexOf('/') + 1);
    return name.startsWith(PREFIX)
        && asked.computeIfPresent(name, (key, old) -> LoopThread.currentNode()) != null;
  }
}
