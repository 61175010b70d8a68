package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The row of an open file, as its content changes it: size, times, and whether the content file
 * knows better. Thread-safe.
 */
final class ContentRow {
  private static final Duration RELATIVE_ATIME = Duration.ofDays(1);

  private final long number;
  private final Metadata metadata;
  private final Clock clock;

  /** Whether the row says that the content file knows better. */
  private volatile boolean dirty;

  /** A change of the row. */
  interface Update {
    /** Whether the change is to survive the process even if the content file does not tell it. */
    boolean apply(RowEdit row);
  }

  ContentRow(Row row, Metadata metadata, Clock clock) {
    this.number = row.number();
    this.metadata = metadata;
    this.clock = clock;
    this.dirty = row.dirty();
  }

  long number() {
    return number;
  }

  Instant now() {
    return clock.instant();
  }

  /** Whether the row says that the content file knows better. */
  boolean isDirty() {
    return dirty;
  }

  /** Says that the content file knows better. Called with the write lock of the content. */
  void markDirty() throws FsException {
    if (!dirty) {
      update(
          row -> {
            row.dirty = true;
            return true;
          });
      dirty = true;
    }
  }

  /** The row has been brought up to date. Called with the write lock of the content. */
  void cleaned() {
    dirty = false;
  }

  void update(Update update) throws FsException {
    update(new Change(), update);
  }

  /** Updates the row as part of {@code change}. */
  void update(Change change, Update update) throws FsException {
    metadata.lock().lock();
    try {
      Row row = metadata.row(number);
      if (row == null) {
        throw new FsException(FailureKind.NOT_FOUND, "the file is gone");
      }
      RowEdit edit = row.edit();
      boolean lasting = update.apply(edit);
      if (lasting) {
        metadata.apply(change.put(edit.done()));
      } else {
        metadata.remember(edit.done());
      }
    } finally {
      metadata.lock().unlock();
    }
  }

  /** Notes that the file was read, if relatime wants to know. */
  void accessed() throws FsException {
    Row row = metadata.row(number);
    if (row == null || !isStale(row, clock.instant())) {
      return;
    }
    update(
        edit -> {
          edit.atime = clock.instant();
          return false;
        });
  }

  /** Whether the time of access is so old that a read renews it, as relatime has it. */
  static boolean isStale(Row row, Instant now) {
    return !row.atime().isAfter(row.mtime())
        || !row.atime().isAfter(row.ctime())
        || row.atime().plus(RELATIVE_ATIME).isBefore(now);
  }
}
