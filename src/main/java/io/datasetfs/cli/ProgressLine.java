package io.datasetfs.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A line on the terminal with a bar, the rate and the time left. */
final class ProgressLine implements Progress {
  private static final int INTERVAL_MILLIS = 250;
  private static final long MIB = 1 << 20;

  private final ProgressBar bar;

  ProgressLine(String task) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(-1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(INTERVAL_MILLIS)
            .setUnit(" MiB", MIB)
            .showSpeed()
            .build();
  }

  @Override
  public void total(long bytes) {
    bar.maxHint(bytes);
  }

  @Override
  public void advance(long bytes) {
    bar.stepBy(bytes);
  }

  @Override
  public void close() {
    bar.close();
  }
}
