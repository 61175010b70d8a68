package io.datasetfs.cache;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is warned of, by default by the disk cache, as long as this is open. */
final class Log extends Handler implements AutoCloseable {
  private final Logger logger;
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  Log() {
    this(DiskCache.class);
  }

  Log(Class<?> by) {
    logger = Logger.getLogger(by.getName());
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
