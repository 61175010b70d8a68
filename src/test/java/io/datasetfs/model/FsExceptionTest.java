package io.datasetfs.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's own failures, met in earnest, as users hear of them. */
final class FsExceptionTest {
  @TempDir private Path temp;

  private static void assertTold(FailureKind kind, String message, Executable action) {
    FsException failure = FsException.from("thing", assertThrows(IOException.class, action));
    assertEquals(kind, failure.kind(), failure.getMessage());
    assertEquals("thing: " + message, failure.getMessage());
  }

  @Test
  void filesThatAreInTheWay() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    Path loop = Files.createSymbolicLink(temp.resolve("loop"), Path.of("loop"));
    assertTold(
        FailureKind.NOT_FOUND, "not found", () -> Files.newInputStream(temp.resolve("none")));
    assertTold(FailureKind.EXISTS, "exists already", () -> Files.createFile(file));
    assertTold(FailureKind.NOT_DIRECTORY, "not a directory", () -> Files.newDirectoryStream(file));
    assertTold(
        FailureKind.NOT_DIRECTORY,
        "not a directory",
        () -> Files.newInputStream(file.resolve("below")));
    assertTold(FailureKind.IS_DIRECTORY, "is a directory", () -> Files.newInputStream(temp).read());
    assertTold(
        FailureKind.LOOP, "too many levels of symbolic links", () -> Files.newInputStream(loop));
    assertTold(
        FailureKind.NAME_TOO_LONG,
        "the name is too long",
        () -> Files.createFile(temp.resolve("x".repeat(256))));
  }

  @Test
  void aNameSaysNothing() throws IOException {
    Path loop = Files.createSymbolicLink(temp.resolve("Is a directory"), Path.of("Is a directory"));
    assertTold(
        FailureKind.LOOP, "too many levels of symbolic links", () -> Files.newInputStream(loop));
  }

  @Test
  void aFullDisk() {
    assertTold(
        FailureKind.NO_SPACE,
        "no space left on the disk",
        () -> {
          try (OutputStream out =
              Files.newOutputStream(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
            out.write(1);
          }
        });
  }

  @Test
  void anInterrupt() {
    assertTold(
        FailureKind.INTERRUPTED,
        "interrupted",
        () -> {
          try (FileChannel channel = FileChannel.open(Files.createFile(temp.resolve("new")))) {
            Thread.currentThread().interrupt();
            channel.read(ByteBuffer.allocate(1));
          } finally {
            Thread.interrupted();
          }
        });
  }

  @Test
  void whatIsToldAlreadyStays() {
    FsException known = new FsException(FailureKind.CORRUPT, "told");
    assertSame(known, FsException.from("thing", known));
    assertEquals(
        "thing: something else",
        FsException.from("thing", new IOException("something else")).getMessage());
  }
}
