package io.datasetfs.store.s3;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;

/** A call that failed, with what else there is to know about it. */
final class S3CallException extends FsException {
  private static final long serialVersionUID = 1L;

  /** What became of a request. */
  enum Reach {
    /** It was not sent. */
    NOT_SENT,
    /** The server has refused to do it. */
    REFUSED,
    /** It was sent, and what the server did is not known. */
    OPEN
  }

  private final Reach reach;
  private final int status;
  private final String code;

  S3CallException(
      FailureKind kind, String message, Throwable cause, Reach reach, int status, String code) {
    super(kind, message, cause);
    this.reach = reach;
    this.status = status;
    this.code = code;
  }

  Reach reach() {
    return reach;
  }

  /** The HTTP status, 0 when there was no answer. */
  int status() {
    return status;
  }

  /** S3's error code, empty when the answer had none. */
  String code() {
    return code;
  }

  boolean is(int wanted) {
    return status == wanted;
  }

  boolean is(String wanted) {
    return code.equals(wanted);
  }
}
