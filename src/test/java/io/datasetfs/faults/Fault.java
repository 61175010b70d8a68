package io.datasetfs.faults;

import java.time.Duration;

/** A way in which an exchange goes wrong. */
public sealed interface Fault {
  /** Much longer than any test. */
  Duration FOR_EVER = Duration.ofDays(1);

  /**
   * The proxy answers itself, in the server's manner; the server learns nothing.
   *
   * @param status the HTTP status
   * @param code S3's word for it, such as {@code SlowDown}
   */
  record Answer(int status, String code) implements Fault {}

  /** Nothing comes for a while, not even the answer's head; then all goes on. */
  record StallBefore(Duration time) implements Fault {}

  /** Nothing comes for a while from some byte of the answer's body on; then all goes on. */
  record StallWithin(Duration time) implements Fault {}

  /** The connection is reset at some byte of the answer's body, or before an answer without one. */
  record Reset() implements Fault {}

  /** The connection ends in good order at some byte of the answer's body. */
  record Truncate() implements Fault {}

  /**
   * Some bit of the answer's body is another; bodies sent in chunks of unknown number are spared.
   */
  record Flip() implements Fault {}

  /** The server does what it was asked, and the connection is reset before its answer. */
  record LoseAnswer() implements Fault {}

  /** What overload looks like. */
  Fault SLOW_DOWN = new Answer(503, "SlowDown");

  /** What a server's bug looks like. */
  Fault INTERNAL_ERROR = new Answer(500, "InternalError");

  /** What temporary credentials become. */
  Fault EXPIRED = new Answer(400, "ExpiredToken");

  /** What a removed key gets. */
  Fault INVALID_KEY = new Answer(403, "InvalidAccessKeyId");

  /** What a client gets whose clock is wrong. */
  Fault SKEWED = new Answer(403, "RequestTimeTooSkewed");

  /** What remains of a removed bucket. */
  Fault NO_BUCKET = new Answer(404, "NoSuchBucket");
}
