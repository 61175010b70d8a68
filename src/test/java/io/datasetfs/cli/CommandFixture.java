package io.datasetfs.cli;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Locations;
import io.datasetfs.catalog.NodeName;
import io.datasetfs.catalog.SecretsFile;
import io.datasetfs.catalog.StoreFactory;
import io.datasetfs.commit.StagedCommit;
import io.datasetfs.model.FsException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;

/** Runs command lines in this process, on a real local directory. */
final class CommandFixture {
  /**
   * What a command said.
   *
   * @param status its exit status
   * @param out its standard output
   * @param err its standard error
   */
  record Result(int status, String out, String err) {}

  private final Path home;
  private final TreesInMemory trees = new TreesInMemory();
  private final Services.Wiring real = new ProcessWiring();

  CommandFixture(Path home) {
    this.home = home;
  }

  TreesInMemory trees() {
    return trees;
  }

  Services services() {
    return new Services(
        new Services.Wiring() {
          @Override
          public Locations locations() {
            return Locations.of(Map.of("DSFS_HOME", home.toString()), home, false);
          }

          @Override
          public StoreFactory stores(SecretsFile secrets) {
            return real.stores(secrets);
          }

          @Override
          public VersionImporter importer() {
            return trees;
          }

          @Override
          public VersionReaders readers() {
            return trees;
          }

          @Override
          public NodeName node() {
            return new NodeName("node-1", true);
          }

          @Override
          public StagedCommit commits(Catalog catalog) throws FsException {
            return real.commits(catalog);
          }
        });
  }

  Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = run(out, err, arguments);
    return new Result(status, out.toString(), err.toString());
  }

  int run(Writer out, Writer err, String... arguments) {
    try (Services services = services()) {
      return new Runner(new Output(out, err, false)).run(services, arguments);
    }
  }

  /** Runs what must succeed silently, and gives the last word of its output. */
  String id(String... arguments) {
    Result result = run(arguments);
    if (result.status() != 0 || !result.err().isEmpty()) {
      throw new AssertionError(result.toString());
    }
    String text = result.out().strip();
    return text.substring(text.lastIndexOf(' ') + 1);
  }
}
