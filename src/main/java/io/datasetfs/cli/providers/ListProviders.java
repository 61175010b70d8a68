package io.datasetfs.cli.providers;

import io.datasetfs.catalog.Providers;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.TablePrinter;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code storageProviders list}. */
@Command(description = "List storage providers")
public final class ListProviders extends DsfsCommand {
  private static final int SETTINGS_SHOWN = 5;

  /**
   * @param session what it works with
   */
  public ListProviders(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Providers all = session().services().providers();
    List<StorageProvider> providers = new ArrayList<>();
    for (StorageProvider provider : all.list()) {
      providers.add(all.withKeys(provider));
    }
    if (json()) {
      printJson(providers.stream().map(ProviderFields::json).toList());
    } else {
      TablePrinter table = new TablePrinter().row("Name", "ID", "Type", "Config");
      for (StorageProvider provider : providers) {
        table.rowOfLines(
            List.of(
                List.of(provider.name()),
                List.of(provider.id().value()),
                List.of(provider.type()),
                ProviderFields.lines(provider, SETTINGS_SHOWN)));
      }
      printTable(table, providers.isEmpty());
    }
    return ExitStatus.DONE;
  }
}
