package io.datasetfs.store.s3;

import io.datasetfs.model.FsException;
import io.datasetfs.model.ProviderId;
import io.datasetfs.model.StorageProvider;
import java.net.URI;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A new bucket on a server for tests, with a plain client of its own. Closing empties and removes
 * it.
 *
 * @param endpoint the server
 * @param keys what it knows
 * @param name the bucket
 * @param client a client
 */
public record Bucket(URI endpoint, S3Keys keys, String name, S3Client client)
    implements AutoCloseable {
  private static final Random RANDOM = new Random();

  /** Makes a bucket. */
  public static Bucket create(URI endpoint, S3Keys keys) {
    S3Client client =
        S3Client.builder()
            .endpointOverride(endpoint)
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                () -> AwsBasicCredentials.create(keys.accessKey(), keys.secretAccessKey()))
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .build();
    String name = "dsfs-test-%016x".formatted(RANDOM.nextLong());
    client.createBucket(b -> b.bucket(name));
    return new Bucket(endpoint, keys, name, client);
  }

  /** A provider's settings for a place in this bucket. */
  public Map<String, String> config(String prefix) {
    return new TreeMap<>(
        Map.of(
            S3Settings.ENDPOINT,
            endpoint.toString(),
            S3Settings.BUCKET,
            name,
            S3Settings.PREFIX,
            prefix,
            S3Settings.ADDRESSING,
            "path",
            S3Settings.IF_MATCH,
            "bare"));
  }

  /** The settings of a store in this bucket. */
  public S3Settings settings(String prefix) throws Exception {
    return S3Settings.of(
        StorageProvider.of(
            new ProviderId("splgct3arqdh77c"), "test", StorageProvider.S3, config(prefix)));
  }

  /** Opens a store in this bucket. */
  public S3ObjectStore open(String prefix) throws Exception {
    return open(settings(prefix), S3Limits.STANDARD);
  }

  /** Opens a store with the keys of this bucket. */
  public S3ObjectStore open(S3Settings settings, S3Limits limits) throws FsException {
    return S3ObjectStore.open(settings, new S3Credentials.Given(() -> keys), limits, RANDOM);
  }

  /** Removes all objects. */
  public void empty() {
    client
        .listObjectsV2Paginator(b -> b.bucket(name).encodingType(EncodingType.URL))
        .contents()
        .forEach((S3Object o) -> client.deleteObject(b -> b.bucket(name).key(o.key())));
  }

  @Override
  public void close() {
    try {
      empty();
      client.deleteBucket(b -> b.bucket(name));
    } finally {
      client.close();
    }
  }
}
