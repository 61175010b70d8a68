package io.datasetfs.store.s3;

import io.datasetfs.model.FsException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** What requests are signed with, as the SDK asks for it. */
final class SigningKeys implements AwsCredentialsProvider, SdkAutoCloseable {
  private final AwsCredentialsProvider provider;

  SigningKeys(S3Credentials credentials) {
    if (credentials instanceof S3Credentials.Given given) {
      this.provider = () -> load(given);
    } else if (credentials instanceof S3Credentials.Profile profile) {
      this.provider = ProfileCredentialsProvider.create(profile.name());
    } else {
      this.provider = DefaultCredentialsProvider.builder().build();
    }
  }

  /** There is nothing to sign with; the cause says why. */
  static final class MissingException extends SdkClientException {
    private static final long serialVersionUID = 1L;

    MissingException(String message, Exception cause) {
      super(SdkClientException.builder().message(message).cause(cause));
    }
  }

  private static AwsCredentials load(S3Credentials.Given given) {
    try {
      S3Keys keys = given.source().load();
      if (keys.accessKey().isBlank() || keys.secretAccessKey().isBlank()) {
        throw new MissingException("those that were given are blank", null);
      }
      return AwsBasicCredentials.create(keys.accessKey(), keys.secretAccessKey());
    } catch (FsException e) {
      throw new MissingException(e.getMessage(), e);
    }
  }

  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return provider.resolveCredentials();
    } catch (MissingException e) {
      throw e;
    } catch (SdkClientException e) {
      // the chain names all its links
      throw new MissingException(
          provider instanceof ProfileCredentialsProvider
              ? e.getMessage()
              : "there are none in the environment, the shared files or from this machine",
          e);
    }
  }

  @Override
  public void close() {
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }
}
