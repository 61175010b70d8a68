package io.datasetfs.cli.providers;

import io.datasetfs.catalog.Providers;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.JsonText;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.TablePrinter;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code storageProviders details}. */
@Command(description = "Show storage provider details")
public final class ShowProvider extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "Storage provider ID or name")
  private String id;

  /**
   * @param session what it works with
   */
  public ShowProvider(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Providers providers = session().services().providers();
    StorageProvider provider = providers.withKeys(providers.require(id));
    if (json()) {
      session().output().line(JsonText.of(ProviderFields.json(provider)));
    } else {
      new TablePrinter()
          .row("Name", provider.name())
          .row("ID", provider.id().value())
          .row("Type", provider.type())
          .rowOfLines(List.of(List.of("Config"), ProviderFields.lines(provider, Integer.MAX_VALUE)))
          .print(session().output());
    }
    return ExitStatus.DONE;
  }
}
