package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;

/** Linux's error numbers, as far as the transports meet them, and which failure becomes which. */
public enum Errno {
  EPERM(1, "Operation not permitted"),
  ENOENT(2, "No such file or directory"),
  EINTR(4, "Interrupted system call"),
  EIO(5, "Input/output error"),
  ENXIO(6, "No such device or address"),
  EBADF(9, "Bad file descriptor"),
  EAGAIN(11, "Resource temporarily unavailable"),
  EACCES(13, "Permission denied"),
  EBUSY(16, "Device or resource busy"),
  EEXIST(17, "File exists"),
  EXDEV(18, "Invalid cross-device link"),
  ENODEV(19, "No such device"),
  ENOTDIR(20, "Not a directory"),
  EISDIR(21, "Is a directory"),
  EINVAL(22, "Invalid argument"),
  ENFILE(23, "Too many open files in system"),
  EFBIG(27, "File too large"),
  ENOSPC(28, "No space left on device"),
  EROFS(30, "Read-only file system"),
  EMLINK(31, "Too many links"),
  ERANGE(34, "Numerical result out of range"),
  ENAMETOOLONG(36, "File name too long"),
  ENOSYS(38, "Function not implemented"),
  ENOTEMPTY(39, "Directory not empty"),
  ELOOP(40, "Too many levels of symbolic links"),
  ENODATA(61, "No data available"),
  EILSEQ(84, "Invalid or incomplete multibyte or wide character"),
  EOPNOTSUPP(95, "Operation not supported"),
  ENOTCONN(107, "Transport endpoint is not connected"),
  ESTALE(116, "Stale file handle");

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** The number, positive. */
  public int number() {
    return number;
  }

  /** What an upcall returns to say it. */
  public int answer() {
    return -number;
  }

  /** The text of an error number as the C library has it. */
  public static String text(int number) {
    for (Errno errno : values()) {
      if (errno.number == number) {
        return errno.text;
      }
    }
    return "error " + number;
  }

  /**
   * The errno of a failure. ENOSYS is never one of them: the kernel would remember it and stop
   * asking, for all files and as long as the mount lives.
   */
  public static Errno of(FailureKind kind) {
    return switch (kind) {
      case NOT_FOUND -> ENOENT;
      case EXISTS -> EEXIST;
      case INVALID -> EINVAL;
      case NOT_DIRECTORY -> ENOTDIR;
      case IS_DIRECTORY -> EISDIR;
      case NOT_EMPTY -> ENOTEMPTY;
      case NOT_PERMITTED -> EPERM;
      case CROSS_DEVICE -> EXDEV;
      case TOO_LARGE -> EFBIG;
      case TOO_MANY_LINKS -> EMLINK;
      case BAD_DESCRIPTOR -> EBADF;
      case NO_DATA -> ENXIO;
      case LOOP -> ELOOP;
      case READ_ONLY -> EROFS;
      // the kernel looks the name up again, and does not fail a path that is there
      case STALE -> ESTALE;
      case ILLEGAL_NAME -> EILSEQ;
      case NAME_TOO_LONG -> ENAMETOOLONG;
      case ACCESS_DENIED -> EACCES;
      case NO_ATTRIBUTE -> ENODATA;
      case BUFFER_TOO_SMALL -> ERANGE;
      case NO_SPACE -> ENOSPC;
      // EMFILE would say that it is the caller who has too many
      case TOO_MANY_OPEN -> ENFILE;
      case BUSY, CONFLICT -> EBUSY;
      case UNSUPPORTED, SPECIAL_FILE -> EOPNOTSUPP;
      // EINTR would say that the caller got a signal: it tries again, for ever if need be
      case INTERRUPTED -> EIO;
      case CORRUPT, NEWER_FORMAT, UNAVAILABLE, STATE_UNKNOWN, SOURCE_CHANGED, IO -> EIO;
    };
  }

  /** Whether a failure is trouble that the log should tell, not an answer that callers expect. */
  static boolean isTrouble(FailureKind kind) {
    Errno errno = of(kind);
    return switch (errno) {
      case EIO, EACCES, EBUSY, ENOSPC, ENFILE -> true;
      default -> false;
    };
  }
}
