package io.datasetfs.cli;

import io.datasetfs.commit.ImportProgress;

/**
 * Shows on a line of progress how far local files have been read.
 *
 * @param line the line
 */
public record ImportProgressLine(Progress line) implements ImportProgress {
  @Override
  public boolean wantsTotals() {
    return line != Progress.NONE;
  }

  @Override
  public void expect(long bytes) {
    line.total(bytes);
  }

  @Override
  public void advance(long bytes) {
    line.advance(bytes);
  }
}
