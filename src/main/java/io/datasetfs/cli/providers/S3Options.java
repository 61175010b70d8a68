package io.datasetfs.cli.providers;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.s3.S3Settings;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The options that S3 storage providers are created and updated with. */
final class S3Options {
  private static final String READ = "";

  @Option(
      names = {"--accessKey", "--access-key"},
      paramLabel = "KEY",
      description = "S3 access key ID")
  private String accessKey;

  @Option(
      names = {"--secretAccessKey", "--secret-access-key"},
      paramLabel = "KEY",
      arity = "0..1",
      fallbackValue = READ,
      description =
          "S3 secret access key; without a value it is asked for, or read from standard input")
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
   * What was given, as settings; those that are to go are empty.
   *
   * @param before the settings so far, with the keys
   * @throws FsException INVALID when they don't fit each other
   */
  Map<String, String> settings(Map<String, String> before) throws FsException {
    boolean keys = accessKey != null || secretAccessKey != null;
    if (keys && profile != null) {
      throw invalid(
          "The options '--profile' and '--accessKey' can't be used together (choose one)");
    }
    if (accessKey != null && secretAccessKey == null) {
      throw invalid("The '--accessKey' option needs the '--secretAccessKey' option as well");
    }
    if (keys && accessKey == null && !before.containsKey(StorageProvider.ACCESS_KEY)) {
      throw invalid("The '--secretAccessKey' option needs the '--accessKey' option as well");
    }
    Map<String, String> settings = givenBesideKeys();
    if (profile != null) {
      settings.put(StorageProvider.ACCESS_KEY, "");
      settings.put(StorageProvider.SECRET_ACCESS_KEY, "");
      settings.put(StorageProvider.CREDENTIALS, "");
    }
    if (keys) {
      set(settings, StorageProvider.ACCESS_KEY, accessKey);
      settings.put(
          StorageProvider.SECRET_ACCESS_KEY,
          secretAccessKey.equals(READ) ? SecretInput.read() : secretAccessKey);
      settings.put(StorageProvider.PROFILE, "");
    }
    return settings;
  }

  /** The name of one of the options that were given. */
  Optional<String> firstGiven() {
    Map<String, String> given = givenBesideKeys();
    set(given, StorageProvider.ACCESS_KEY, accessKey);
    set(given, StorageProvider.SECRET_ACCESS_KEY, secretAccessKey);
    return given.keySet().stream().findFirst();
  }

  private Map<String, String> givenBesideKeys() {
    Map<String, String> given = new TreeMap<>();
    set(given, S3Settings.ENDPOINT, endpoint);
    set(given, S3Settings.REGION, region);
    set(given, S3Settings.PREFIX, prefix);
    set(given, StorageProvider.PROFILE, profile);
    return given;
  }

  private static void set(Map<String, String> settings, String name, String value) {
    if (value != null) {
      settings.put(name, value);
    }
  }

  private static FsException invalid(String message) {
    return new FsException(FailureKind.INVALID, message);
  }
}
