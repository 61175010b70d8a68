package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.FileReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The content of a changed file of a sealed version. Opens nothing until it is asked. */
public final class StagedContent implements AutoCloseable {
  private final Content content;
  private final Base base;
  private final BasePlace place;
  private FileReader committed;

  StagedContent(Content content, Base base, BasePlace place) {
    this.content = content;
    this.base = base;
    this.place = place;
  }

  /**
   * A run of bytes.
   *
   * @param offset where it begins
   * @param length how long it is
   */
  public record Range(long offset, long length) {}

  /** The length of the file. */
  public long size() {
    return content.size();
  }

  /** The committed file whose bytes show where they were not changed. */
  public Optional<TreeEntry.File> base() throws FsException {
    return place == null ? Optional.empty() : Optional.of(base.file(place));
  }

  /**
   * The bytes up to which the committed file shows: behind them there are only changed ranges and
   * zeros.
   */
  public long baseLimit() {
    return place == null ? 0 : content.committedLimit();
  }

  /**
   * Where bytes were written since the base, or at all where there is none: disjoint, in order,
   * whole pages but for the file's end. Elsewhere are the base's bytes up to {@link #baseLimit} and
   * zeros behind it.
   */
  public List<Range> changed() throws FsException {
    List<Range> ranges = new ArrayList<>();
    for (long at = 0; at < size(); ) {
      long end = content.committedEnd(at);
      if (end == at) {
        end = Math.min(size(), content.ownEnd(at));
        addWritten(at, end, ranges);
      }
      at = end;
    }
    return ranges;
  }

  /** Adds what of a run of own bytes changes anything: holes do so only before the base's limit. */
  private void addWritten(long from, long end, List<Range> ranges) throws FsException {
    long at = from;
    if (at < baseLimit()) {
      long covered = Math.min(end, baseLimit());
      add(at, covered, ranges);
      at = covered;
    }
    while (at < end) {
      long data = seek(SeekMode.DATA, at, end);
      if (data >= end) {
        return;
      }
      long hole = seek(SeekMode.HOLE, data, end);
      add(data, hole, ranges);
      at = hole;
    }
  }

  private static void add(long from, long end, List<Range> ranges) {
    int last = ranges.size() - 1;
    if (last >= 0 && ranges.get(last).offset() + ranges.get(last).length() == from) {
      long begin = ranges.get(last).offset();
      ranges.set(last, new Range(begin, end - begin));
    } else {
      ranges.add(new Range(from, end - from));
    }
  }

  private long seek(SeekMode mode, long from, long end) throws FsException {
    try {
      return Math.min(end, content.seek(mode, from));
    } catch (FsException e) {
      if (e.kind() == FailureKind.NO_DATA) {
        return end;
      }
      throw e;
    }
  }

  /** Reads as {@link FileReader#read} does. Thread-safe. */
  public int read(long offset, ByteBuffer target) throws FsException {
    return content.read(offset, target, place == null ? null : committed());
  }

  private synchronized FileReader committed() throws FsException {
    if (committed == null) {
      committed = base.open(place);
    }
    return committed;
  }

  @Override
  public synchronized void close() {
    if (committed != null) {
      committed.close();
    }
    content.close();
  }
}
