package io.datasetfs.store.s3;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.s3.S3CallException.Reach;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** Turns what the SDK throws into failures with a kind and one line for the user. */
final class S3Failures {
  private static final int LONGEST_TEXT = 200;

  /** A server that says one of these has done nothing. */
  private static final Set<String> THROTTLED =
      Set.of("SlowDown", "RequestTimeout", "TooManyRequests", "RequestTimeTooSkewed");

  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired");

  private static final Set<String> ELSEWHERE =
      Set.of(
          "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException");

  private final S3Settings settings;
  private final S3Limits limits;

  S3Failures(S3Settings settings, S3Limits limits) {
    this.settings = settings;
    this.limits = limits;
  }

  private record Reason(FailureKind kind, String text) {}

  /**
   * @param thing the object or bucket
   * @param late whether the call was aborted because its time was up
   */
  S3CallException of(String thing, RuntimeException failure, boolean late) {
    if (failure instanceof SdkServiceException answer) {
      return answered(thing, answer);
    }
    if (late) {
      Reason reason =
          new Reason(
              FailureKind.UNAVAILABLE,
              "no whole answer in %d s (is the network that slow?)"
                  .formatted(limits.attempt().toSeconds()));
      return new S3CallException(
          reason.kind(), thing, atServer(reason.text()), failure, Reach.OPEN, 0, "");
    }
    if (interrupted(failure)) {
      Thread.currentThread().interrupt();
      return new S3CallException(
          FailureKind.INTERRUPTED, thing, atServer("interrupted"), failure, Reach.OPEN, 0, "");
    }
    if (failure instanceof IllegalStateException) {
      return new S3CallException(
          FailureKind.IO, thing, atServer("its use has ended"), failure, Reach.NOT_SENT, 0, "");
    }
    Optional<SigningKeys.MissingException> missing =
        cause(failure, SigningKeys.MissingException.class);
    if (missing.isPresent()) {
      return withoutKeys(thing, missing.get());
    }
    Reason reason = unanswered(failure);
    return new S3CallException(
        reason.kind(), thing, atServer(reason.text()), failure, reach(failure), 0, "");
  }

  private S3CallException withoutKeys(String thing, SigningKeys.MissingException failure) {
    Optional<FsException> known = cause(failure, FsException.class);
    FailureKind kind = known.map(FsException::kind).orElse(FailureKind.ACCESS_DENIED);
    String text =
        known
            .map(FsException::getMessage)
            .orElseGet(
                () ->
                    "no credentials (give some with 'dsfs storageProviders update --accessKey"
                        + " --secretAccessKey' or '--profile', or in the environment): "
                        + oneLine(failure.getMessage()));
    return new S3CallException(kind, thing, atServer(text), failure, Reach.NOT_SENT, 0, "");
  }

  /** The files of the AWS tools, which the SDK reads, make no sense or can't be read. */
  FsException files(RuntimeException failure) {
    return new FsException(
        FailureKind.INVALID,
        message(
            settings.location(),
            "the files of the AWS tools, ~/.aws/config and ~/.aws/credentials, can't be used"
                + " (correct them): "
                + oneLine(failure.getMessage())),
        failure);
  }

  /** An answer that can't be right: it is not taken for the server's word on anything. */
  FsException nonsense(String thing, String what) {
    return new FsException(
        FailureKind.UNAVAILABLE, message(thing, "the answer is not that of an S3 server: " + what));
  }

  private S3CallException answered(String thing, SdkServiceException answer) {
    Optional<AwsErrorDetails> details =
        answer instanceof AwsServiceException e
            ? Optional.ofNullable(e.awsErrorDetails())
            : Optional.empty();
    String code = details.map(AwsErrorDetails::errorCode).orElse("");
    int status = answer.statusCode();
    boolean skewed = code.equals("RequestTimeTooSkewed") || answer.isClockSkewException();
    Reason reason = skewed ? skew() : reason(status, code, details);
    boolean refused = status < 500 || THROTTLED.contains(code);
    return new S3CallException(
        reason.kind(),
        thing,
        atServer(reason.text()),
        answer,
        refused ? Reach.REFUSED : Reach.OPEN,
        status,
        code);
  }

  /** The SDK has corrected itself by the server's clock when this comes: the next try works. */
  private static Reason skew() {
    return new Reason(
        FailureKind.UNAVAILABLE,
        "the clocks of this machine and the server are too far apart (set this one's)");
  }

  private static Reason reason(int status, String code, Optional<AwsErrorDetails> details) {
    String answer = "the server answers %d %s".formatted(status, code).strip();
    if (code.equals("NoSuchBucket")) {
      return new Reason(
          FailureKind.UNAVAILABLE, "the bucket does not exist (is it the right server?)");
    }
    if (code.equals("NoSuchKey")) {
      return new Reason(FailureKind.NOT_FOUND, "not found");
    }
    if (EXPIRED.contains(code)) {
      return new Reason(
          FailureKind.ACCESS_DENIED, "the credentials have expired (renew them): " + answer);
    }
    if (code.equals("InvalidAccessKeyId")) {
      return new Reason(
          FailureKind.ACCESS_DENIED,
          "the server does not know the access key (correct it with 'dsfs storageProviders update"
              + " --accessKey'): "
              + answer);
    }
    if (code.equals("SignatureDoesNotMatch")) {
      return new Reason(
          FailureKind.ACCESS_DENIED,
          "the secret access key is wrong (correct it with 'dsfs storageProviders update"
              + " --secretAccessKey'): "
              + answer);
    }
    if (code.equals("QuotaExceeded") || status == 507) {
      return new Reason(FailureKind.NO_SPACE, "no space left at the provider: " + answer);
    }
    if (ELSEWHERE.contains(code) || status == 301) {
      return new Reason(
          FailureKind.INVALID,
          "the bucket is in another region (name it with 'dsfs storageProviders update"
              + " --region'): "
              + answer);
    }
    if (status == 401 || status == 403) {
      return new Reason(
          FailureKind.ACCESS_DENIED,
          "permission denied (the bucket's policy must allow it): " + answer);
    }
    if (THROTTLED.contains(code) || status == 408 || status == 429 || status >= 500) {
      return new Reason(FailureKind.UNAVAILABLE, answer);
    }
    if (status == 404) {
      return new Reason(FailureKind.UNAVAILABLE, "the answer is not that of an S3 server: 404");
    }
    return new Reason(
        FailureKind.IO, details.map(d -> answer + ": " + oneLine(d.errorMessage())).orElse(answer));
  }

  private Reason unanswered(RuntimeException failure) {
    Optional<IOException> io = cause(failure, IOException.class);
    if (io.isEmpty()) {
      return new Reason(
          FailureKind.UNAVAILABLE, "the request failed: " + oneLine(failure.getMessage()));
    }
    IOException e = io.get();
    String text;
    if (e instanceof UnknownHostException) {
      text = "the server's name is not known (is the endpoint right?)";
    } else if (e instanceof ConnectTimeoutException) {
      text = "no connection in %d s".formatted(limits.connect().toSeconds());
    } else if (e instanceof ConnectionRequestTimeoutException) {
      text =
          "no connection became free in %d s (too many requests at once)"
              .formatted(limits.connect().toSeconds());
    } else if (e instanceof ConnectException) {
      text = "connection refused (is the server running?)";
    } else if (e instanceof SocketTimeoutException) {
      text = "no answer in %d s".formatted(limits.silence().toSeconds());
    } else if (e instanceof SSLException) {
      text = "no secure connection: " + oneLine(e.getMessage());
    } else {
      text = "the connection broke: " + oneLine(e.getMessage());
    }
    return new Reason(FailureKind.UNAVAILABLE, text);
  }

  private static Reach reach(RuntimeException failure) {
    Optional<IOException> io = cause(failure, IOException.class);
    boolean notSent =
        io.filter(
                e ->
                    e instanceof ConnectException
                        || e instanceof UnknownHostException
                        || e instanceof NoRouteToHostException
                        || e instanceof ConnectTimeoutException
                        || e instanceof ConnectionRequestTimeoutException
                        || e instanceof SSLHandshakeException)
            .isPresent();
    return notSent ? Reach.NOT_SENT : Reach.OPEN;
  }

  /** Whether nothing takes connections, which is known at once. */
  static boolean isUnreachable(Throwable failure) {
    return cause(failure, IOException.class)
        .filter(
            e ->
                e instanceof ConnectException
                    || e instanceof UnknownHostException
                    || e instanceof NoRouteToHostException)
        .isPresent();
  }

  private static boolean interrupted(RuntimeException failure) {
    return Thread.currentThread().isInterrupted()
        || failure instanceof AbortedException
        || failure instanceof CancellationException
        || cause(failure, InterruptedException.class).isPresent();
  }

  private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return Optional.of(type.cast(t));
      }
    }
    return Optional.empty();
  }

  private String message(String thing, String text) {
    return thing + " at " + atServer(text);
  }

  private String atServer(String text) {
    return "%s: %s".formatted(settings.server(), text);
  }

  private static String oneLine(String text) {
    String line = String.valueOf(text).lines().findFirst().orElse("").strip();
    return line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + "..." : line;
  }
}
