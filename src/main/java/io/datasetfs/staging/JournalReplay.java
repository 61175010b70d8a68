package io.datasetfs.staging;

import static io.datasetfs.staging.JournalRecord.HEADER;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Replays what a process left in a journal: segment by segment, as far as each says that the next
 * goes on. Used by one thread, before anybody else has the journal.
 */
final class JournalReplay {
  private static final System.Logger LOG = System.getLogger(JournalReplay.class.getName());

  private static final String UNUSED = "unused.";

  private final Path directory;
  private final Journal.Replay replay;

  /** Whether the segment that was replayed last said that another goes on. */
  private boolean continued;

  /**
   * @param replay takes the changes
   */
  JournalReplay(Path directory, Journal.Replay replay) {
    this.directory = directory;
    this.replay = replay;
  }

  /**
   * Replays all segments that are not in the tables.
   *
   * @param applied the number of the last segment that is
   * @return the last that was replayed, to go on in, with nothing behind its end; {@code null} when
   *     there was none
   */
  JournalSegment run(long applied) throws FsException {
    JournalSegment last = null;
    try {
      for (Map.Entry<Long, Path> segment : JournalSegment.all(directory).entrySet()) {
        Path path = segment.getValue();
        if (segment.getKey() <= applied) {
          JournalSegment.delete(path);
        } else if (last != null && !continued) {
          setAside(path);
        } else {
          if (last != null) {
            last.close();
          }
          last = JournalSegment.open(segment.getKey(), path);
          last.setEnd(replay(path));
        }
      }
      if (last != null) {
        last.clear(last.end());
      }
      return last;
    } catch (FsException | RuntimeException | Error e) {
      if (last != null) {
        last.close();
      }
      throw e;
    }
  }

  /**
   * The changes before these are lost, so they cannot be made; they are kept for who needs them.
   */
  private static void setAside(Path segment) throws FsException {
    Path kept = segment.resolveSibling(UNUSED + segment.getFileName());
    try {
      Files.move(segment, kept, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw FsException.from(segment.toString(), e);
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "{0}: the last changes before the machine went down are lost; what is left of them is kept",
        kept);
  }

  /** Replays a segment; gives the end of what could be read. */
  private long replay(Path path) throws FsException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw FsException.from(path.toString(), e);
    }
    ByteBuffer left = ByteBuffer.wrap(bytes);
    List<Change> changes = new ArrayList<>();
    continued = false;
    long end = 0;
    while (left.remaining() >= HEADER) {
      int length = left.getInt();
      int sum = left.getInt();
      if (length <= 0 || length > left.remaining()) {
        continued = length == JournalRecord.CONTINUED;
        break;
      }
      byte[] change = new byte[length];
      left.get(change);
      if (JournalRecord.sum(change) != sum) {
        break; // never acknowledged, or never synced before the machine went down
      }
      try {
        changes.add(ChangeCodec.decode(change));
        end = left.position();
      } catch (IOException e) {
        throw new FsException(
            FailureKind.NEWER_FORMAT,
            path + ": written by another release (use that one to commit or delete the version)",
            e);
      }
    }
    for (Change change : changes) {
      replay.apply(change);
    }
    return end;
  }
}
