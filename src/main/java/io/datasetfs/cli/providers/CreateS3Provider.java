package io.datasetfs.cli.providers;

import io.datasetfs.catalog.Repository;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.s3.S3Settings;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code storageProviders create s3}. */
@SuppressWarnings("UnusedVariable") // what is accepted is what a later release will use
@Command(description = "Create S3 storage provider")
public final class CreateS3Provider extends DsfsCommand {
  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "Storage provider name")
  private String name;

  @Option(names = "--bucket", required = true, paramLabel = "BUCKET", description = "S3 bucket")
  private String bucket;

  @Mixin private S3Options options;

  /**
   * @param session what it works with
   */
  public CreateS3Provider(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Map<String, String> config = options.settings(Map.of());
    config.put(S3Settings.BUCKET, bucket);
    Clock clock = session().services().clock();
    StorageProvider provider =
        session()
            .services()
            .providers()
            .add(
                name, StorageProvider.S3, config, store -> Repository.createIfAbsent(store, clock));
    return done(
        "Created new storage provider with id: " + provider.id(), "id", provider.id().value());
  }
}
