package io.datasetfs.daemon;

import io.datasetfs.model.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What processes were started as, for messages. */
final class CommandLines {
  private static final String MAIN = "io.datasetfs.cli.Main";
  private static final int MAX_LENGTH = 100;

  private CommandLines() {}

  /** The command of a process of this machine, as its user knows it; nothing when it has gone. */
  static Optional<String> of(long process) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(process), "cmdline"));
      List<String> words = Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\0", -1));
      int main = words.indexOf(MAIN);
      String command =
          main < 0
              ? String.join(" ", words)
              : "dsfs " + String.join(" ", words.subList(main + 1, words.size()));
      String text = Names.printable(command.strip());
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(text.substring(0, Math.min(MAX_LENGTH, text.length())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
