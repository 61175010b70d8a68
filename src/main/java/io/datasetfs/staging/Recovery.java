package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts an area right that a process left in the middle of something: files that were being written
 * get the size and time of their content, files without names go. Run by one thread, before anybody
 * else has the area.
 */
final class Recovery {
  private static final String BOOT = "boot";

  private final Path area;
  private final Metadata metadata;
  private final ContentFiles files;

  Recovery(Path area, Metadata metadata, ContentFiles files) {
    this.area = area;
    this.metadata = metadata;
    this.files = files;
  }

  /**
   * @param boot names this run of the machine's system
   */
  void run(String boot) throws FsException {
    try {
      Path kept = area.resolve(BOOT);
      if (!Files.exists(kept) || !Files.readString(kept).equals(boot)) {
        forgetUnsynced();
        Files.writeString(kept, boot);
      }
    } catch (IOException e) {
      throw FsException.from(area.toString(), e);
    }
    for (Row row : metadata.rowsNeedingAttention()) {
      if (row.links() == 0) {
        files.remove(row);
        apply(new Change().freeingSpace().remove(row.number()));
      } else {
        apply(new Change().freeingSpace().put(asWritten(row)));
      }
    }
  }

  private void apply(Change change) throws FsException {
    metadata.lock().lock();
    try {
      metadata.apply(change);
    } finally {
      metadata.lock().unlock();
    }
  }

  private Row asWritten(Row row) throws FsException {
    RowEdit edit = row.edit();
    edit.dirty = false;
    if (files.exists(row.number())) {
      try (NativeFile file = NativeFile.open(files.file(row.number()), NativeFile.READ)) {
        NativeFile.Stat stat = file.stat();
        edit.size = stat.size();
        edit.baseLimit = Math.min(row.baseLimit(), stat.size());
        edit.blocks = row.base() == null ? stat.blocks() : Base.blocks(stat.size());
        if (stat.mtime().isAfter(row.mtime())) {
          edit.modified(stat.mtime());
        }
      }
    }
    return edit.done();
  }

  /** The machine went down: of pages over a base, only those that were synced count. */
  private void forgetUnsynced() throws FsException {
    try (Stream<Path> all = Files.walk(area.resolve("content"), 2)) {
      List<Path> maps = all.filter(file -> file.toString().endsWith(".map")).toList();
      for (Path map : maps) {
        String name = map.getFileName().toString();
        long number = Long.parseLong(name.substring(0, name.indexOf('.')), 16);
        PageMap.recover(files, number);
      }
    } catch (IOException e) {
      throw FsException.from(area.toString(), e);
    }
  }
}
