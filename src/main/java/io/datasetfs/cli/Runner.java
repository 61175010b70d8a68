package io.datasetfs.cli;

import io.datasetfs.model.FsException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs one command line and turns what becomes of it into messages and an exit status. For one use.
 */
final class Runner {
  private final Output output;
  private OutputFailure outputFailure;

  Runner(Output output) {
    this.output = output;
  }

  /** Runs a command line. Never throws what a user can cause. */
  int run(Services services, String... arguments) {
    try {
      CommandLine command = CommandTree.build(new Session(services, output), arguments);
      command
          .setOut(output.resultPrinter())
          .setErr(output.messagePrinter())
          .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
          .setExpandAtFiles(false)
          .setParameterExceptionHandler((e, args) -> wrongUsage(e))
          .setExecutionExceptionHandler((e, failed, result) -> failed(e, isVerbose(failed)));
      int status = command.execute(arguments);
      if (outputFailure == null) {
        output.flush();
        return status;
      }
    } catch (OutputFailure e) {
      outputFailure = e;
    } catch (StackOverflowError e) {
      output.message("Directories are too deep (give more stack with DSFS_JAVA_OPTIONS=-Xss64m)");
      return ExitStatus.FAILED;
    } catch (OutOfMemoryError e) {
      output.message("Out of memory (give more with DSFS_JAVA_OPTIONS=-Xmx1g)");
      return ExitStatus.FAILED;
    }
    return outputFailed(outputFailure);
  }

  private int outputFailed(OutputFailure failure) {
    if (failure.readerGone()) {
      return ExitStatus.READER_GONE;
    }
    output.message("Standard output can't be written: " + failure.getMessage());
    return ExitStatus.FAILED;
  }

  private int wrongUsage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    output.message(Printable.escape(usageMessage(e)));
    String name = command.getCommandSpec().qualifiedName();
    output.message("See '%s --help'.".formatted(name));
    return ExitStatus.USAGE;
  }

  private static String usageMessage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    boolean group = !command.getSubcommands().isEmpty();
    List<String> unknown = command.getUnmatchedArguments();
    if (e instanceof MissingParameterException && !unknown.isEmpty()) {
      // A mistyped name is why the right one is missing.
      return "Unknown option: '%s'".formatted(unknown.get(0));
    }
    if (e instanceof UnmatchedArgumentException unmatched
        && group
        && !unmatched.isUnknownOption()) {
      String word = unmatched.getUnmatched().get(0);
      // Some command is always the nearest; one with another initial is hardly what was meant.
      Optional<String> near =
          unmatched.getSuggestions().stream()
              .filter(s -> s.regionMatches(true, 0, word, 0, 1))
              .findFirst();
      return "Unknown command: '%s %s'%s"
          .formatted(
              command.getCommandSpec().qualifiedName(),
              word,
              near.map(" (did you mean '%s'?)"::formatted).orElse(""));
    }
    if (e instanceof MissingParameterException || !group) {
      return e.getMessage();
    }
    return e instanceof UnmatchedArgumentException
        ? e.getMessage()
        : "A command is missing after '%s' (one of %s)"
            .formatted(
                command.getCommandSpec().qualifiedName(),
                String.join(", ", command.getCommandSpec().subcommands().keySet()));
  }

  private static boolean isVerbose(CommandLine command) {
    for (CommandLine c = command; c != null; c = c.getParent()) {
      if (c.getCommand() instanceof Verbosity v && v.verbose()) {
        return true;
      }
    }
    return false;
  }

  private int failed(Exception e, boolean verbose) {
    if (e instanceof OutputFailure failure) {
      outputFailure = failure;
      return ExitStatus.FAILED;
    }
    boolean expected = e instanceof FsException;
    String text =
        expected ? String.valueOf(e.getMessage()) : "Internal error: " + e + " (-v shows where)";
    output.message(Printable.escape(text));
    if (verbose) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      output.message(trace.toString().stripTrailing());
    }
    return e instanceof FsException failure ? ExitStatus.of(failure.kind()) : ExitStatus.FAILED;
  }
}
