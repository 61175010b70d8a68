package io.datasetfs.cache;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the disk cache warns of, as long as this is open. */
final class Log extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger(DiskCache.class.getName());
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  Log() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  List<String> warnings() {
    return warnings;
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
      warnings.add(line.getMessage());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }

  @Override
  public String toString() {
    return warnings.toString();
  }
}
