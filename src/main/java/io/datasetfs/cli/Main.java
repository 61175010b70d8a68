package io.datasetfs.cli;

/** The command {@code dsfs}. */
public final class Main {
  private Main() {}

  /**
   * Runs a command and ends the process with its exit status.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    Output output = Output.ofProcess();
    if (arguments.length == 1 && arguments[0].equals("--version")) {
      // Scripts ask this often; nothing else needs to be loaded for the answer.
      output.line(ReleaseVersion.line());
      output.flush();
      return;
    }
    Interruption interruption = new Interruption();
    interruption.begin();
    int status;
    try (Services services = new Services(new ProcessWiring())) {
      status = new Runner(output).run(services, arguments);
    } finally {
      interruption.end();
    }
    System.exit(status);
  }
}
