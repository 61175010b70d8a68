package io.datasetfs.cli;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.model.FsException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all commands have in common. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = ReleaseVersion.class,
    sortOptions = false,
    abbreviateSynopsis = true)
public abstract class DsfsCommand implements Callable<Integer>, Verbosity {
  /** What there is to say when a list is empty. */
  private static final String NOTHING = "No data found";

  private final Session session;

  @Option(names = "--json", description = "Print one JSON document instead", order = 900)
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show where an error comes from",
      order = 901)
  private boolean verbose;

  /**
   * @param session what it works with
   */
  protected DsfsCommand(Session session) {
    this.session = session;
  }

  /**
   * Does the work.
   *
   * @return the exit status
   * @throws FsException when it fails
   */
  protected abstract int run() throws FsException;

  @Override
  public final Integer call() throws FsException {
    return run();
  }

  @Override
  public final boolean verbose() {
    return verbose;
  }

  /** What it works with. */
  protected final Session session() {
    return session;
  }

  /** The datasets. */
  protected final Catalog catalog() throws FsException {
    return session.services().catalog();
  }

  /** Whether JSON is wanted. */
  protected final boolean json() {
    return json;
  }

  /** Says what was done: a line of text, or a JSON object. */
  protected final int done(String text, Object... namesAndValues) {
    if (json) {
      session.json(namesAndValues);
    } else {
      session.output().line(text);
    }
    return ExitStatus.DONE;
  }

  /** Says why part of the result is missing. */
  protected final void warn(FsException failure) {
    session.warn(failure);
  }

  /** Prints rows under a heading, or says that there are none. */
  protected final void printTable(TablePrinter table, boolean empty) {
    if (empty) {
      session.output().line(NOTHING);
    } else {
      table.print(session.output());
    }
  }

  /** Prints a long table, or says that it is empty. */
  protected final void printTable(LongTable table, LongTable.Rows rows) throws FsException {
    if (!table.print(rows, session.output())) {
      session.output().line(NOTHING);
    }
  }

  /** Prints a list as JSON. */
  protected final void printJson(List<Map<String, Object>> elements) {
    Iterator<Map<String, Object>> all = elements.iterator();
    session.jsonArray(all);
  }
}
