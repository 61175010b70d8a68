package io.datasetfs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A word before commands, such as {@code datasets}. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = ReleaseVersion.class,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND")
final class Group implements Verbosity {
  @Option(
      names = {"-v", "--verbose"},
      description = "Show where an error comes from")
  private boolean verbose;

  @Override
  public boolean verbose() {
    return verbose;
  }
}
