package io.datasetfs.store.s3;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Trouble;

/** A call that failed, with what else there is to know about it. */
final class S3CallException extends FsException implements Trouble {
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

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final String atServer;
  private final Reach reach;
  private final int status;
  private final String code;

  /**
   * @param thing the object or bucket
   * @param atServer the server and what was the matter
   * @param status the HTTP status, 0 when there was no answer
   * @param code S3's error code, empty when there was none
   */
  S3CallException(
      FailureKind kind,
      String thing,
      String atServer,
      Throwable cause,
      Reach reach,
      int status,
      String code) {
    super(kind, thing + " at " + atServer, cause);
    this.atServer = atServer;
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

  @Override
  public boolean isOverload() {
    return status == UNAVAILABLE
        || status == TOO_MANY_REQUESTS
        || code.equals("SlowDown")
        || code.equals("TooManyRequests");
  }

  @Override
  public boolean isUnreachable() {
    return S3Failures.isUnreachable(getCause());
  }

  @Override
  public String atServer() {
    return atServer;
  }

  boolean is(int wanted) {
    return status == wanted;
  }

  boolean is(String wanted) {
    return code.equals(wanted);
  }
}
