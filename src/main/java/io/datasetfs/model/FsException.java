package io.datasetfs.model;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/**
 * An expected failure. The message is one line that names the thing, the cause and, where there is
 * one, the mend; it is shown to users as it is.
 */
public class FsException extends IOException {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;

  /**
   * @param kind what went wrong
   * @param message one line for the user
   */
  public FsException(FailureKind kind, String message) {
    super(message);
    this.kind = Objects.requireNonNull(kind);
  }

  /**
   * @param kind what went wrong
   * @param message one line for the user
   * @param cause the underlying failure, shown only on request
   */
  public FsException(FailureKind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind);
  }

  /** What went wrong. */
  public FailureKind kind() {
    return kind;
  }

  /**
   * Gives an input or output error of the JDK its kind.
   *
   * @param thing what the operation was about, as the user knows it
   * @param cause the JDK's exception; returned as it is when it is an {@code FsException} already
   */
  public static FsException from(String thing, IOException cause) {
    if (cause instanceof FsException known) {
      return known;
    }
    FailureKind kind = kindOf(cause);
    return new FsException(kind, thing + ": " + reason(kind, cause), cause);
  }

  private static FailureKind kindOf(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return FailureKind.NOT_FOUND;
    }
    if (cause instanceof AccessDeniedException) {
      return FailureKind.ACCESS_DENIED;
    }
    if (cause instanceof FileAlreadyExistsException) {
      return FailureKind.EXISTS;
    }
    if (cause instanceof NotDirectoryException) {
      return FailureKind.NOT_DIRECTORY;
    }
    if (cause instanceof FileSystemLoopException) {
      return FailureKind.LOOP;
    }
    if (cause instanceof InterruptedIOException || cause instanceof ClosedByInterruptException) {
      return FailureKind.INTERRUPTED;
    }
    // Without the file's name, which may hold any of these.
    String text =
        String.valueOf(
            cause instanceof FileSystemException fse ? fse.getReason() : cause.getMessage());
    // The JDK has no type for these; the texts are strerror's and the launcher fixes their
    // language.
    if (text.contains("No space left on device") || text.contains("Disk quota exceeded")) {
      return FailureKind.NO_SPACE;
    }
    if (text.contains("Too many open files")) { // also the system's, which goes on behind that
      return FailureKind.TOO_MANY_OPEN;
    }
    if (text.contains("Read-only file system")) {
      return FailureKind.READ_ONLY;
    }
    if (text.contains("Permission denied") || text.contains("Operation not permitted")) {
      return FailureKind.ACCESS_DENIED;
    }
    if (text.contains("Is a directory")) {
      return FailureKind.IS_DIRECTORY;
    }
    if (text.contains("Not a directory")) {
      return FailureKind.NOT_DIRECTORY;
    }
    if (text.contains("Too many levels of symbolic links")) {
      return FailureKind.LOOP;
    }
    if (text.contains("File name too long")) {
      return FailureKind.NAME_TOO_LONG;
    }
    return FailureKind.IO;
  }

  private static String reason(FailureKind kind, IOException cause) {
    return switch (kind) {
      case NOT_FOUND -> "not found";
      case ACCESS_DENIED -> "permission denied";
      case EXISTS -> "exists already";
      case NOT_DIRECTORY -> "not a directory";
      case IS_DIRECTORY -> "is a directory";
      case LOOP -> "too many levels of symbolic links";
      case NO_SPACE -> "no space left on the disk";
      case TOO_MANY_OPEN -> "too many open files (raise the limit, see 'ulimit -n')";
      case READ_ONLY -> "read-only file system";
      case NAME_TOO_LONG -> "the name is too long";
      case INTERRUPTED -> "interrupted";
      default -> {
        String reason = cause instanceof FileSystemException fse ? fse.getReason() : null;
        String text = reason != null ? reason : cause.getMessage();
        yield text != null ? text : cause.getClass().getSimpleName();
      }
    };
  }
}
