package io.datasetfs.commit;

import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of one directory, in order. Those of a directory of ordinary size are looked at when
 * it is listed, which another thread may do ahead; those of a huge one when they are asked for, so
 * that only its names are held in memory.
 */
final class SourceListing {
  private static final int LOOK_AT_ONCE = 4096;

  private final Path directory;
  private final List<String> names;

  /** {@code null} for a huge directory. */
  private final List<SourceEntry> entries;

  private SourceListing(Path directory, List<String> names, List<SourceEntry> entries) {
    this.directory = directory;
    this.names = names;
    this.entries = entries;
  }

  static SourceListing read(Path directory) throws FsException {
    List<String> names = SourceDirectory.names(directory);
    if (names.size() > LOOK_AT_ONCE) {
      return new SourceListing(directory, names, null);
    }
    List<SourceEntry> entries = new ArrayList<>(names.size());
    for (String name : names) {
      entries.add(SourceDirectory.look(directory.resolve(name), name));
    }
    return new SourceListing(directory, names, entries);
  }

  int size() {
    return names.size();
  }

  SourceEntry get(int i) throws FsException {
    return entries != null
        ? entries.get(i)
        : SourceDirectory.look(directory.resolve(names.get(i)), names.get(i));
  }

  /** The entries that are known without looking again. */
  List<SourceEntry> known() {
    return entries != null ? entries : List.of();
  }
}
