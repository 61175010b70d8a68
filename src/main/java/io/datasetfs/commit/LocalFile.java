package io.datasetfs.commit;

import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * A file of an import's source.
 *
 * @param entry the file as it was found
 * @param key its key in the import cache
 * @param lookup notes what it holds for the next import
 */
record LocalFile(SourceEntry entry, byte[] key, ImportLookup lookup) implements StorableFile {
  @Override
  public String name() {
    return entry.name();
  }

  @Override
  public int mode() {
    return entry.mode();
  }

  @Override
  public Instant mtime() {
    return entry.mtime();
  }

  @Override
  public long size() {
    return entry.size();
  }

  @Override
  public Content open() throws FsException {
    try {
      return new Open(
          entry,
          FileChannel.open(entry.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      throw SourceDirectory.changed(entry.path(), e);
    } catch (IOException e) {
      throw FsException.from(SourceDirectory.shown(entry.path()), e);
    }
  }

  @Override
  public void stored(FileResult content) {
    lookup.note(entry, key, content);
  }

  private record Open(SourceEntry entry, FileChannel channel) implements Content {
    @Override
    public int read(ByteBuffer target) throws FsException {
      try {
        return channel.read(target);
      } catch (IOException e) {
        throw FsException.from(SourceDirectory.shown(entry.path()), e);
      }
    }

    @Override
    public void requireUnchanged() throws FsException {
      SourceDirectory.requireUnchanged(entry);
    }

    @Override
    public FsException changed() {
      return SourceDirectory.changed(entry.path(), null);
    }

    @Override
    public void close() throws FsException {
      try {
        channel.close();
      } catch (IOException e) {
        throw FsException.from(SourceDirectory.shown(entry.path()), e);
      }
    }
  }
}
