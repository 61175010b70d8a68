package io.datasetfs.cli.providers;

import io.datasetfs.catalog.Providers;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
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

  @Option(
      names = {"--accessKey", "--access-key"},
      paramLabel = "KEY",
      description = "New S3 access key ID")
  private String accessKey;

  @Option(
      names = {"--secretAccessKey", "--secret-access-key"},
      paramLabel = "KEY",
      description = "New S3 secret access key")
  private String secretAccessKey;

  @Option(names = "--endpoint", paramLabel = "URL", description = "New S3 endpoint URL")
  private String endpoint;

  @Option(names = "--region", paramLabel = "REGION", description = "New S3 region")
  private String region;

  @Option(names = "--prefix", paramLabel = "PREFIX", description = "New prefix of all objects")
  private String prefix;

  @Option(names = "--profile", paramLabel = "PROFILE", description = "New AWS profile")
  private String profile;

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
    Optional<String> foreign = s3Settings().keySet().stream().findFirst();
    if (foreign.isPresent()) {
      throw foreign(foreign.get(), provider);
    }
    return path == null ? Map.of() : Map.of(StorageProvider.PATH, LocalPath.absolute(path));
  }

  private Map<String, String> s3Changes(StorageProvider provider) throws FsException {
    if (path != null) {
      throw foreign(StorageProvider.PATH, provider);
    }
    return s3Settings();
  }

  private Map<String, String> s3Settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("bucket", bucket);
    settings.put("accessKey", accessKey);
    settings.put("secretAccessKey", secretAccessKey);
    settings.put("endpoint", endpoint);
    settings.put("region", region);
    settings.put("prefix", prefix);
    settings.put("profile", profile);
    settings.values().removeIf(value -> value == null);
    return settings;
  }

  private static FsException foreign(String setting, StorageProvider provider) {
    return new FsException(
        FailureKind.INVALID,
        "The '--%s' option is not for storage providers of type '%s'"
            .formatted(setting, provider.type()));
  }
}
