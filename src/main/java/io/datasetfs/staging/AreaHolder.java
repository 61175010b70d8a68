package io.datasetfs.staging;

import java.time.Instant;
import java.util.Optional;

/**
 * The process that owns an area.
 *
 * @param process its id
 * @param started when it began
 * @param host the machine's name
 */
public record AreaHolder(long process, String started, String host) {
  static AreaHolder self(String host) {
    ProcessHandle self = ProcessHandle.current();
    String started = self.info().startInstant().map(Instant::toString).orElse("unknown");
    return new AreaHolder(self.pid(), started, host);
  }

  String text() {
    return "%d %s %s%n".formatted(process, started, host);
  }

  /** Reads the first line. */
  static Optional<AreaHolder> parse(String text) {
    String[] words = text.lines().findFirst().orElse("").split(" ", 3);
    try {
      return words.length < 3
          ? Optional.empty()
          : Optional.of(new AreaHolder(Long.parseLong(words[0]), words[1], words[2]));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
