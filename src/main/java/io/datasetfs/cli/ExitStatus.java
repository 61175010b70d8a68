package io.datasetfs.cli;

import io.datasetfs.model.FailureKind;

/** What the process tells its caller. */
public final class ExitStatus {
  /** It is done. */
  public static final int DONE = 0;

  /** It failed. */
  public static final int FAILED = 1;

  /** The command line was wrong. */
  public static final int USAGE = 2;

  /** The reader of standard output has gone: what a shell reports after SIGPIPE. */
  static final int READER_GONE = 141;

  private ExitStatus() {}

  static int of(FailureKind kind) {
    return switch (kind) {
      case INVALID -> USAGE;
      case NOT_FOUND,
          EXISTS,
          NOT_DIRECTORY,
          IS_DIRECTORY,
          NOT_EMPTY,
          NOT_PERMITTED,
          CROSS_DEVICE,
          TOO_LARGE,
          TOO_MANY_LINKS,
          BAD_DESCRIPTOR,
          NO_DATA,
          LOOP,
          STALE,
          READ_ONLY,
          ILLEGAL_NAME,
          NAME_TOO_LONG,
          ACCESS_DENIED,
          NO_ATTRIBUTE,
          BUFFER_TOO_SMALL,
          CORRUPT,
          NEWER_FORMAT,
          UNAVAILABLE,
          CONFLICT,
          STATE_UNKNOWN,
          NO_SPACE,
          TOO_MANY_OPEN,
          BUSY,
          SOURCE_CHANGED,
          SPECIAL_FILE,
          UNSUPPORTED,
          INTERRUPTED,
          IO ->
          FAILED;
    };
  }
}
