package io.datasetfs.store.s3;

import java.util.Objects;

/**
 * A key pair that was given to this program.
 *
 * @param accessKey the access key's id
 * @param secretAccessKey the secret
 */
public record S3Keys(String accessKey, String secretAccessKey) {
  /** Refuses nulls. */
  public S3Keys {
    Objects.requireNonNull(accessKey);
    Objects.requireNonNull(secretAccessKey);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "keys of " + accessKey;
  }
}
