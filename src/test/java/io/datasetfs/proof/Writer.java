package io.datasetfs.proof;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A process that closes and syncs what it writes, and remembers what it was told was done. Step by
 * step in a directory of its own: a file that is closed, one that replaces another, a record of a
 * log and a piece of a large file that are synced, a rename, a removal and a link.
 *
 * <p>It reads lines, each the path of a directory and that of a large file, works until there is an
 * error, and prints the number of the last step that had none.
 */
final class Writer {
  static final int RECORD = 16;
  static final int PIECE = 3000;
  static final int LARGE = 1 << 20;
  static final int KINDS = 6;

  private final Path directory;
  private final FileChannel log;
  private final FileChannel large;

  private Writer(Path directory, FileChannel log, FileChannel large) {
    this.directory = directory;
    this.log = log;
    this.large = large;
  }

  /** What a step writes. */
  static byte[] content(Path directory, int step) {
    return Place.bytes(seed(directory, step), 1 + (int) Math.floorMod(step * 7919L, 12_000L));
  }

  /** The record that a step appends to the log. */
  static byte[] record(Path directory, int step) {
    return Place.bytes(seed(directory, step), RECORD);
  }

  /** What a step writes to the large file. */
  static byte[] piece(Path directory, int step) {
    return Place.bytes(seed(directory, step), PIECE);
  }

  /** Where a step writes in the large file. */
  static int place(Path directory, int step) {
    return (int) Math.floorMod(seed(directory, step) * 31, (long) LARGE - PIECE);
  }

  private static long seed(Path directory, int step) {
    // The two names above are those of the round and of the writer.
    int names = directory.getNameCount();
    return directory.subpath(names - 2, names).toString().hashCode() * 1_000_003L + step;
  }

  private void step(int i) throws IOException {
    switch (i % KINDS) {
      case 0, 1 -> {
        byte[] content = content(directory, i);
        try (FileChannel file = create("f" + i)) {
          write(file, ByteBuffer.wrap(content, 0, content.length / 2), 0);
          write(file, ByteBuffer.wrap(content).position(content.length / 2), content.length / 2);
        }
      }
      case 2 -> {
        try (FileChannel file = create("new")) {
          write(file, ByteBuffer.wrap(content(directory, i)), 0);
          file.force(true);
        }
        Files.move(
            directory.resolve("new"), directory.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
      }
      case 3 -> {
        write(log, ByteBuffer.wrap(record(directory, i)), (long) i / KINDS * RECORD);
        log.force(false);
        write(large, ByteBuffer.wrap(piece(directory, i)), place(directory, i));
        large.force(false);
      }
      case 4 ->
          Files.move(
              directory.resolve("f" + (i - 4)),
              directory.resolve("g" + (i - 4)),
              StandardCopyOption.ATOMIC_MOVE);
      default -> {
        Files.delete(directory.resolve("f" + (i - 4)));
        Files.createLink(directory.resolve("l" + i), directory.resolve("g" + (i - 5)));
      }
    }
  }

  private FileChannel create(String name) throws IOException {
    return FileChannel.open(
        directory.resolve(name),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  private static void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    for (long offset = at; bytes.hasRemaining(); ) {
      offset += file.write(bytes, offset);
    }
  }

  private static int work(Path directory, Path largeFile) throws IOException {
    int done = -1;
    FileChannel log = null;
    FileChannel large = null;
    try {
      Files.createDirectories(directory);
      log =
          FileChannel.open(
              directory.resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      large = FileChannel.open(largeFile, StandardOpenOption.WRITE);
      Writer writer = new Writer(directory, log, large);
      while (true) {
        writer.step(done + 1);
        done++;
      }
    } catch (IOException e) {
      return done;
    } finally {
      closeDead(log);
      closeDead(large);
    }
  }

  private static void closeDead(FileChannel file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      return; // its mount is gone
    }
  }

  /** The process. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] paths = line.split(" ", -1);
      out.println(work(Path.of(paths[0]), Path.of(paths[1])));
    }
  }
}
