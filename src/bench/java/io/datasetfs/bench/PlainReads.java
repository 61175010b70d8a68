package io.datasetfs.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * What a program without a file system gets from the server: ENDPOINT BUCKET KEY reads an object
 * from its start to its end by parallel ranged GETs, ENDPOINT BUCKET KEY PARALLEL MIB in one way
 * only. Prints {@code PARALLEL MIB SECONDS} a line, the connections already made. Credentials come
 * from {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}.
 */
public final class PlainReads {
  private static final int[] PARALLEL = {4, 8, 16};
  private static final int[] MIB = {4, 8, 16};

  private final S3Client client;
  private final String bucket;
  private final String key;

  private PlainReads(S3Client client, String bucket, String key) {
    this.client = client;
    this.bucket = bucket;
    this.key = key;
  }

  /** Reads. */
  public static void main(String[] arguments) throws Exception {
    try (S3Client client = client(URI.create(arguments[0]))) {
      PlainReads reads = new PlainReads(client, arguments[1], arguments[2]);
      if (arguments.length > 3) {
        reads.measure(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        return;
      }
      for (int mib : MIB) {
        for (int parallel : PARALLEL) {
          reads.measure(parallel, mib);
        }
      }
    }
  }

  private static S3Client client(URI endpoint) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                    System.getenv("AWS_ACCESS_KEY_ID"), System.getenv("AWS_SECRET_ACCESS_KEY"))))
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .httpClientBuilder(Apache5HttpClient.builder().maxConnections(64))
        .build();
  }

  private void measure(int parallel, int mib) throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(parallel);
    try {
      long length = client.headObject(b -> b.bucket(bucket).key(key)).contentLength();
      int part = mib << 20;
      Queue<byte[]> buffers = new ArrayDeque<>();
      Queue<Future<byte[]>> running = new ArrayDeque<>();
      // twice as many buffers as requests: a request need not wait for the one before it
      for (int i = 0; i < 2 * parallel; i++) {
        buffers.add(new byte[part]);
      }
      long from = System.nanoTime();
      for (long offset = 0; offset < length; offset += part) {
        if (buffers.isEmpty()) {
          buffers.add(running.remove().get());
        }
        byte[] buffer = buffers.remove();
        long start = offset;
        int size = (int) Math.min(part, length - offset);
        running.add(pool.submit(() -> read(start, size, buffer)));
      }
      while (!running.isEmpty()) {
        running.remove().get();
      }
      double seconds = (System.nanoTime() - from) / 1e9;
      System.out.printf(Locale.ROOT, "%d %d %.3f%n", parallel, mib, seconds);
    } finally {
      pool.shutdown();
    }
  }

  private byte[] read(long offset, int size, byte[] buffer) throws IOException {
    String range = "bytes=%d-%d".formatted(offset, offset + size - 1);
    try (ResponseInputStream<GetObjectResponse> in =
        client.getObject(b -> b.bucket(bucket).key(key).range(range))) {
      require(in.readNBytes(buffer, 0, size) == size, in);
    }
    return buffer;
  }

  private static void require(boolean whole, InputStream in) throws IOException {
    if (!whole) {
      throw new IOException("too short: " + in);
    }
  }
}
