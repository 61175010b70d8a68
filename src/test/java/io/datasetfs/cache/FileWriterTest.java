package io.datasetfs.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileWriterTest {
  /** A file system that had no direct writing for long, and has no disk. */
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 4096, 65535, 65536, 65537, 69632, 524288, 528383, 528384, 1 << 20, 4194305})
  void everyLengthIsWrittenWhole(int length) throws IOException {
    byte[] content = random(length);
    FileWriter writer = new FileWriter();
    for (String name : new String[] {"first", "second", "hurried"}) {
      boolean hurried = name.equals("hurried");
      writer.write(directory.resolve(name), content, hurried);
      assertArrayEquals(content, Files.readAllBytes(directory.resolve(name)));
    }
  }

  @Test
  void aFileSystemThatCannotWritePastItsPagesIsWrittenToAllTheSame() throws IOException {
    byte[] content = random(200_001);
    Path memory = Files.createTempDirectory(MEMORY, "dsfs-test-");
    Path file = memory.resolve("file");
    try {
      FileWriter writer = new FileWriter();
      writer.write(file, content, false);
      assertArrayEquals(content, Files.readAllBytes(file));
    } finally {
      Files.deleteIfExists(file);
      Files.delete(memory);
    }
  }

  @Test
  void pagesOfWhatIsWrittenAreNotKept() throws Exception {
    Path file = directory.resolve("file");
    new FileWriter().write(file, random(1 << 20), false);
    Process fincore =
        new ProcessBuilder("fincore", "--bytes", "--noheadings", "--output", "RES", file.toString())
            .start();
    String resident =
        new String(fincore.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
    assertTrue(fincore.waitFor() == 0 && Long.parseLong(resident) == 0, resident);
  }

  /** Of a passing failure nothing is left, neither in the file nor in how the next is written. */
  @ParameterizedTest
  @ValueSource(strings = {"error", "midst", "memory"})
  void whatFailsOnceIsTriedAgainWithTheNextFile(String how) throws IOException {
    AtomicInteger opened = new AtomicInteger();
    FileWriter writer =
        new FileWriter(
            path -> {
              if (opened.incrementAndGet() == 1) {
                return fail(path, how);
              }
              return direct(path);
            });
    byte[] content = random(200_001);
    for (int i = 0; i < 3; i++) {
      Path file = directory.resolve("file" + i);
      writer.write(file, content, false);
      assertArrayEquals(content, Files.readAllBytes(file));
    }
    assertEquals(3, opened.get());
  }

  private static FileChannel fail(Path path, String how) throws IOException {
    switch (how) {
      case "error" -> throw new FileSystemException(path.toString(), null, "Input/output error");
      case "memory" -> throw new OutOfMemoryError("Direct buffer memory");
      default -> {
        FileChannel channel = direct(path);
        channel.write(ByteBuffer.allocateDirect(8192).alignedSlice(4096).limit(4096));
        channel.close();
        return channel;
      }
    }
  }

  private static FileChannel direct(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
  }

  @Test
  void whereThereIsNoDirectWritingItIsNotAskedForAgain() throws IOException {
    AtomicInteger opened = new AtomicInteger();
    FileWriter writer =
        new FileWriter(
            path -> {
              opened.incrementAndGet();
              throw new FileSystemException(path.toString(), null, "Invalid argument");
            });
    byte[] content = random(200_001);
    for (String name : new String[] {"first", "second"}) {
      writer.write(directory.resolve(name), content, false);
      assertArrayEquals(content, Files.readAllBytes(directory.resolve(name)));
    }
    assertEquals(1, opened.get());
  }

  @Test
  void anExistingFileIsLeftAlone() throws IOException {
    Path file = Files.write(directory.resolve("file"), new byte[] {7});
    assertThrows(
        FileAlreadyExistsException.class,
        () -> new FileWriter().write(file, random(100_000), false));
    assertArrayEquals(new byte[] {7}, Files.readAllBytes(file));
  }

  @Test
  void aMissingDirectoryIsToldAsSuch() {
    Path file = directory.resolve("no/file");
    assertThrows(
        NoSuchFileException.class, () -> new FileWriter().write(file, random(100_000), false));
    assertFalse(Files.exists(file));
  }

  private static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }
}
