package io.datasetfs.cli.files;

import io.datasetfs.cli.Progress;
import io.datasetfs.cli.VersionReader;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A new file that takes content, holes where the content has some. */
final class FileSink implements VersionReader.ContentSink, AutoCloseable {
  private final FileChannel channel;
  private final Progress progress;
  private long position;

  private FileSink(FileChannel channel, Progress progress) {
    this.channel = channel;
    this.progress = progress;
  }

  static FileSink create(Path file, Progress progress) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return new FileSink(channel, progress);
  }

  @Override
  public void data(ByteBuffer bytes) throws IOException {
    progress.advance(bytes.remaining());
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }

  @Override
  public void hole(long length) {
    progress.advance(length);
    position += length;
  }

  /**
   * Gives the file its length, which a hole at the end leaves open.
   *
   * @param size what it must be
   * @param place the file's final place, for messages
   */
  void finish(long size, Path place) throws IOException {
    if (position != size) {
      throw new FsException(
          FailureKind.CORRUPT,
          "%s: the version has %d bytes of its content instead of %d"
              .formatted(place, position, size));
    }
    if (channel.size() < size) {
      channel.write(ByteBuffer.allocate(1), size - 1);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
