package io.datasetfs.cli.providers;

import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import picocli.CommandLine.Command;
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

  @Option(
      names = {"--accessKey", "--access-key"},
      paramLabel = "KEY",
      description = "S3 access key ID")
  private String accessKey;

  @Option(
      names = {"--secretAccessKey", "--secret-access-key"},
      paramLabel = "KEY",
      description = "S3 secret access key")
  private String secretAccessKey;

  @Option(names = "--endpoint", paramLabel = "URL", description = "S3 endpoint URL")
  private String endpoint;

  @Option(names = "--region", paramLabel = "REGION", description = "S3 region")
  private String region;

  @Option(names = "--prefix", paramLabel = "PREFIX", description = "Prefix of all objects")
  private String prefix;

  @Option(names = "--profile", paramLabel = "PROFILE", description = "AWS profile")
  private String profile;

  /**
   * @param session what it works with
   */
  public CreateS3Provider(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    throw new FsException(
        FailureKind.UNSUPPORTED,
        "This release can't use S3 yet (keep the data in a directory with 'dsfs storageProviders"
            + " create local')");
  }
}
