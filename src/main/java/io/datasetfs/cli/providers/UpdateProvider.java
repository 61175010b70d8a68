package io.datasetfs.cli.providers;

import io.datasetfs.catalog.Providers;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.s3.S3Settings;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code storageProviders update}. */
@Command(description = "Update storage provider")
public final class UpdateProvider extends DsfsCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "TYPE",
      description = "The provider's type, s3 or local; may be left out")
  private String type;

  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "Storage provider ID or name")
  private String id;

  @Option(names = "--name", paramLabel = "NAME", description = "New name")
  private String name;

  @Option(names = "--path", paramLabel = "PATH", description = "New directory (local)")
  private String path;

  @Option(names = "--bucket", paramLabel = "BUCKET", description = "New S3 bucket")
  private String bucket;

  @Mixin private S3Options options;

  /**
   * @param session what it works with
   */
  public UpdateProvider(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Providers providers = session().services().providers();
    StorageProvider before = providers.require(id);
    if (type != null && !type.equals(before.type())) {
      throw new FsException(
          FailureKind.INVALID,
          "The storage provider %s is of type '%s', not '%s'"
              .formatted(before.label(), before.type(), type));
    }
    Map<String, String> changes =
        before.type().equals(StorageProvider.LOCAL) ? localChanges(before) : s3Changes(before);
    StorageProvider after =
        providers.update(before.id().value(), Optional.ofNullable(name), changes);
    return done("Updated storage provider", "id", after.id().value());
  }

  private Map<String, String> localChanges(StorageProvider provider) throws FsException {
    Optional<String> foreign =
        bucket != null ? Optional.of(S3Settings.BUCKET) : options.firstGiven();
    if (foreign.isPresent()) {
      throw foreign(foreign.get(), provider);
    }
    return path == null ? Map.of() : Map.of(StorageProvider.PATH, LocalPath.absolute(path));
  }

  private Map<String, String> s3Changes(StorageProvider provider) throws FsException {
    if (path != null) {
      throw foreign(StorageProvider.PATH, provider);
    }
    Map<String, String> changes =
        options.settings(session().services().providers().withKeys(provider).config());
    if (bucket != null) {
      changes.put(S3Settings.BUCKET, bucket);
    }
    return changes;
  }

  private static FsException foreign(String setting, StorageProvider provider) {
    return new FsException(
        FailureKind.INVALID,
        "The '--%s' option is not for storage providers of type '%s'"
            .formatted(setting, provider.type()));
  }
}
