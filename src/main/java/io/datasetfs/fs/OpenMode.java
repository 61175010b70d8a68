package io.datasetfs.fs;

/**
 * What a file is opened for.
 *
 * @param reads whether the opener will read
 * @param writes whether the opener will write
 * @param truncates whether the content goes first
 * @param dropsPrivileges whether truncating takes the set-user and set-group bits away
 */
public record OpenMode(boolean reads, boolean writes, boolean truncates, boolean dropsPrivileges) {
  /** To read. */
  public static final OpenMode READING = new OpenMode(true, false, false, false);

  /** Whether anything may change. */
  public boolean changes() {
    return writes || truncates;
  }
}
