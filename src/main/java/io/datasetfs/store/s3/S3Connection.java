package io.datasetfs.store.s3;

import io.datasetfs.model.FsException;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * A client of one server, set up so that it works with servers other than AWS, makes one attempt a
 * call, and ends it when its thread is interrupted or its time is up.
 */
final class S3Connection implements AutoCloseable {
  private final S3Client client;
  private final SdkHttpClient http;
  private final CallWatch watch;
  private final SigningKeys keys;
  private final S3Failures failures;

  S3Connection(S3Settings settings, S3Credentials credentials, S3Limits limits) throws FsException {
    this.http = CallWatch.abortable(http(limits));
    this.watch = new CallWatch(limits.attempt());
    this.keys = new SigningKeys(credentials);
    this.failures = new S3Failures(settings, limits);
    try {
      this.client = client(settings);
    } catch (SdkException | IllegalArgumentException | IllegalStateException e) {
      // it looks into the files of the AWS tools whatever the credentials are
      http.close();
      keys.close();
      watch.close();
      throw failures.files(e);
    }
  }

  private static SdkHttpClient http(S3Limits limits) {
    return Apache5HttpClient.builder()
        .maxConnections(limits.connections())
        .connectionTimeout(limits.connect())
        .connectionAcquisitionTimeout(limits.connect())
        .socketTimeout(limits.silence())
        .expectContinueEnabled(false)
        .tcpKeepAlive(true)
        .build();
  }

  private S3Client client(S3Settings settings) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .credentialsProvider(keys)
            .region(region(settings))
            .forcePathStyle(settings.pathStyle())
            .disableS3ExpressSessionAuth(true)
            // others than AWS don't know the checksums that the SDK adds otherwise
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(c -> c.chunkedEncodingEnabled(false).expectContinueEnabled(false))
            // attempts are repeated in one place only, and conditional writes not at all
            .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)));
    settings.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private static Region region(S3Settings settings) {
    Optional<URI> endpoint = settings.endpoint();
    if (settings.region().isPresent()) {
      return Region.of(settings.region().get());
    }
    if (endpoint.isPresent()) {
      return Region.US_EAST_1;
    }
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkException e) {
      return Region.US_EAST_1; // nobody says another
    }
  }

  /** A call of the SDK. */
  @FunctionalInterface
  interface Request<T> {
    T send(S3Client client);
  }

  /**
   * Makes a call.
   *
   * @param thing what it is about, for messages
   * @throws S3CallException when it fails
   */
  <T> T call(String thing, Request<T> request) throws S3CallException {
    try (CallWatch.Call call = watch.begin()) {
      try {
        return request.send(client);
      } catch (SdkException | IllegalStateException e) {
        // the latter is the HTTP client: aborted while it waits for a connection, or closed
        throw failures.of(thing, e, call.late());
      }
    }
  }

  /** An answer that does not make sense. */
  FsException nonsense(String thing, String what) {
    return failures.nonsense(thing, what);
  }

  @Override
  public void close() {
    client.close();
    http.close();
    keys.close();
    watch.close();
  }
}
