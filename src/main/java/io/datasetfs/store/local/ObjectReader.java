package io.datasetfs.store.local;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads the files of objects. Each read opens its file anew: that costs 3 us, and a channel shared
 * between threads would be closed for all of them when one is interrupted.
 */
final class ObjectReader {
  /** Arrays can't be quite as long as an int can say. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private ObjectReader() {}

  /** Reads a range; the buffer returned is at its start. */
  static ByteBuffer readRange(Path file, long offset, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // checked first, so that no memory is asked for a range that isn't there
      if (channel.size() - offset < length) {
        throw tooShort(file, channel.size(), offset, length);
      }
      ByteBuffer range = ByteBuffer.allocate(length);
      if (!FileContent.read(channel, offset, range)) {
        throw tooShort(file, channel.size(), offset, length);
      }
      return range.flip();
    }
  }

  /** Reads an object and tells its entity tag, of the same moment. */
  static StoredObject readWhole(Path file) throws IOException {
    while (true) {
      FileState state = FileState.of(file);
      requireObject(file, state);
      byte[] content = readAll(file);
      if (content.length <= EntityTags.HASHED_LIMIT) {
        return new StoredObject(content, EntityTags.ofContent(content));
      }
      // replaced between the look at the file and its opening, or not?
      if (state.equals(FileState.of(file))) {
        return new StoredObject(content, EntityTags.ofFile(state));
      }
    }
  }

  /** Describes an object; reads one that is small enough to be hashed. */
  static ObjectStat stat(String key, Path file) throws IOException {
    FileState state = FileState.of(file);
    requireObject(file, state);
    if (state.size() > EntityTags.HASHED_LIMIT) {
      return new ObjectStat(key, state.size(), EntityTags.ofFile(state));
    }
    StoredObject object = readWhole(file);
    return new ObjectStat(key, object.content().length, object.entityTag());
  }

  private static byte[] readAll(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > MAX_ARRAY) {
        throw new FsException(
            FailureKind.UNSUPPORTED, file + ": " + size + " bytes are too many to be read at once");
      }
      ByteBuffer content = ByteBuffer.allocate((int) size);
      if (!FileContent.read(channel, 0, content)) {
        throw tooShort(file, channel.size(), 0, (int) size);
      }
      return content.array();
    }
  }

  private static void requireObject(Path file, FileState state) throws NoSuchFileException {
    if (!state.isRegularFile()) {
      throw new NoSuchFileException(file.toString());
    }
  }

  private static FsException tooShort(Path file, long size, long offset, int length) {
    return new FsException(
        FailureKind.CORRUPT,
        "%s: has %d bytes and should have at least %d (it was cut short)"
            .formatted(file, size, offset + length));
  }
}
