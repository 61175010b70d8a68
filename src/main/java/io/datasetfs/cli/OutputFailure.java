package io.datasetfs.cli;

import java.io.IOException;

/** Standard output takes no more. */
final class OutputFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputFailure(IOException cause) {
    super(cause.getMessage(), cause);
  }

  /** Whether the reader has gone, as {@code head} does when it has seen enough. */
  boolean readerGone() {
    return String.valueOf(getMessage()).contains("Broken pipe");
  }
}
