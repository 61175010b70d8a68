package io.datasetfs.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.format.ControlLine;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ControlServerTest {
  private static final Path MOUNTPOINT = Path.of("/mnt/data");

  @TempDir Path directory;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final Semaphore held = new Semaphore(0);
  private final CountDownLatch free = new CountDownLatch(1);

  private Map<String, String> answer(Map<String, String> request, ControlService.Note progress)
      throws FsException {
    switch (request.get(ControlService.DO)) {
      case "echo" -> {
        progress.tell(Map.of("part", "1"));
        progress.tell(Map.of("part", "2"));
        return Map.of("text", request.get("text"));
      }
      case "wait" -> {
        begun.countDown();
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          interrupted.countDown();
        }
        throw new FsException(FailureKind.INTERRUPTED, "Interrupted");
      }
      case "hold" -> {
        held.release();
        try {
          free.await();
        } catch (InterruptedException e) {
          throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
        }
        return Map.of();
      }
      case "long" -> {
        return Map.of("text", "x".repeat(ControlLine.MAX_BYTES));
      }
      case "lament" ->
          throw new FsException(FailureKind.BUSY, "it is held by " + "\u0001".repeat(50_000));
      case "break" -> throw new IllegalStateException("broken");
      default -> throw new FsException(FailureKind.BUSY, "it is held by cat (7)");
    }
  }

  private ControlServer listen() throws FsException {
    return ControlServer.listen(directory, MOUNTPOINT, this::answer);
  }

  private static Optional<Map<String, String>> ask(
      Path socket, ControlService.Note notes, String what) throws FsException {
    return new ControlClient(socket, "The daemon")
        .ask(Map.of(ControlService.DO, what, "text", "a\n\"木\"\u0000"), notes);
  }

  private static FsException failure(FailureKind kind, Path socket, String what) {
    FsException e = assertThrows(FsException.class, () -> ask(socket, note -> {}, what));
    assertEquals(kind, e.kind(), e.getMessage());
    return e;
  }

  @Test
  void answersWithNotesOnTheWay() throws IOException {
    try (ControlServer server = listen()) {
      List<String> notes = new ArrayList<>();
      Map<String, String> answer =
          ask(server.path(), note -> notes.add(note.get("part")), "echo").orElseThrow();
      assertEquals("a\n\"木\"\u0000", answer.get("text"));
      assertEquals(List.of("1", "2"), notes);
    }
  }

  @Test
  void failuresKeepTheirKindAndText() throws IOException {
    try (ControlServer server = listen()) {
      FsException e = failure(FailureKind.BUSY, server.path(), "refuse");
      assertEquals("it is held by cat (7)", e.getMessage());
      assertTrue(failure(FailureKind.IO, server.path(), "break").getMessage().contains("broken"));
      assertEquals("a\n\"木\"\u0000", ask(server.path(), n -> {}, "echo").get().get("text"));
    }
  }

  /** No request is lost, whatever number comes, and whatever others do before they are heard. */
  @Test
  void manyAtOnceAreAllAnswered() throws Exception {
    try (ControlServer server = listen()) {
      Callable<Integer> asker =
          () -> {
            for (int i = 0; i < 50; i++) {
              assertTrue(ask(server.path(), note -> {}, "echo").isPresent());
              SocketChannel.open(UnixDomainSocketAddress.of(server.path())).close();
            }
            return 50;
          };
      ExecutorService askers = Executors.newFixedThreadPool(40);
      int answered = 0;
      for (Future<Integer> all : askers.invokeAll(Collections.nCopies(40, asker))) {
        answered += all.get();
      }
      askers.shutdown();
      assertEquals(2000, answered);
    }
  }

  @Test
  void oneTooManyIsAskedAgainUntilThereIsRoom() throws Exception {
    try (ControlServer server = listen()) {
      ExecutorService askers = Executors.newCachedThreadPool();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        all.add(askers.submit(() -> ask(server.path(), note -> {}, "hold")));
      }
      held.acquire(16);
      Future<Optional<Map<String, String>>> oneMore =
          askers.submit(() -> ask(server.path(), note -> {}, "echo"));
      String refused = say(server, "");
      assertTrue(refused.contains("too many requests"), refused);
      assertFalse(oneMore.isDone());
      free.countDown();
      assertTrue(oneMore.get().isPresent());
      for (Future<?> one : all) {
        one.get();
      }
      askers.shutdown();
    }
  }

  @Test
  void whatIsTooLongForALineIsAnsweredAllTheSame() throws IOException {
    try (ControlServer server = listen()) {
      FsException e = failure(FailureKind.TOO_LARGE, server.path(), "long");
      assertTrue(e.getMessage().contains("bytes at once (at most 65536)"), e.getMessage());
      e = failure(FailureKind.BUSY, server.path(), "lament");
      assertTrue(e.getMessage().startsWith("it is held by \u0001"), e.getMessage());
      assertTrue(e.getMessage().endsWith(" ..."), e.getMessage());
    }
  }

  @Test
  void nobodyElseGetsAtIt() throws IOException {
    try (ControlServer server = listen()) {
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(server.path())));
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(server.path().getParent())));
    }
  }

  @Test
  void whoGoesAwayInterruptsTheWork() throws Exception {
    try (ControlServer server = listen()) {
      Thread asker =
          new Thread(
              () -> {
                FsException e = failure(FailureKind.INTERRUPTED, server.path(), "wait");
                assertEquals("Interrupted", e.getMessage());
              });
      asker.start();
      begun.await();
      asker.interrupt();
      asker.join();
      assertTrue(interrupted.await(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void itsEndInterruptsTheWork() throws Exception {
    ControlServer server = listen();
    Thread asker = new Thread(() -> failure(FailureKind.IO, server.path(), "wait"));
    asker.start();
    begun.await();
    server.close();
    assertTrue(interrupted.await(60, TimeUnit.SECONDS));
    asker.join();
    assertFalse(Files.exists(server.path()));
    assertEquals(Optional.empty(), ask(server.path(), note -> {}, "echo"));
  }

  /** What a killed daemon leaves is a socket that refuses. */
  @Test
  void aDeadDaemonsSocketIsRecognisedAndReplaced() throws IOException {
    Path socket;
    try (ControlServer server = listen()) {
      socket = server.path();
      assertThrows(FsException.class, this::listen, "one that answers is not replaced");
    }
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }
    assertTrue(Files.exists(socket));
    assertEquals(Optional.empty(), ask(socket, note -> {}, "echo"));
    try (ControlServer server = listen()) {
      assertEquals(socket, server.path());
      assertTrue(ask(socket, note -> {}, "echo").isPresent());
    }
  }

  @Test
  void aPathThatIsTooLongForTheSystemIsNoObstacle() throws IOException {
    Path deep = directory.resolve("x".repeat(120));
    Path socket;
    try (ControlServer server = ControlServer.listen(deep, MOUNTPOINT, this::answer)) {
      socket = server.path();
      assertTrue(ask(socket, note -> {}, "echo").isPresent());
    }
    assertFalse(Files.exists(socket.getParent()), "nothing is left in the temporary directory");
  }

  @Test
  void refusesWhatIsNoRequest() throws IOException {
    try (ControlServer server = listen()) {
      assertTrue(say(server, "hello\n").contains("is damaged: not JSON"));
      assertTrue(say(server, "{\"format\":2,\"message\":{}}\n").contains("NEWER_FORMAT"));
      assertTrue(say(server, "x".repeat(ControlLine.MAX_BYTES + 1)).contains("without end"));
    }
  }

  private static String say(ControlServer server, String text) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(server.path()))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      ByteBuffer answer = ByteBuffer.allocate(4096);
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        Thread.onSpinWait();
      }
      return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }
  }
}
