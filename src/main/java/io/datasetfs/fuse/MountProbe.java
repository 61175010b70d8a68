package io.datasetfs.fuse;

import io.datasetfs.model.Utf8;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a mountpoint who serves it, without ever hanging on one whose daemon does not answer: the
 * question blocks a thread of its own.
 */
public final class MountProbe {
  /** The attribute of the top directory with which a mount says which one it is. */
  public static final String ATTRIBUTE = "user.dsfs.mount";

  private static final int ROOM = 256;

  private MountProbe() {}

  /**
   * What came back.
   *
   * @param id the mount's own word for itself, or null
   * @param errno why there is none, or 0; -1 when nothing came back in time
   */
  record Answer(String id, int errno) {
    /** Whether a mount is there whose daemon is gone. */
    boolean isDead() {
      return errno == Errno.ENOTCONN.number();
    }

    /** Whether there was none in time. */
    boolean isMissing() {
      return errno < 0;
    }

    /** For a message. */
    String text() {
      return isMissing() ? "no answer" : errno == 0 ? "'" + id + "'" : Errno.text(errno);
    }
  }

  /** Asks, and waits for the answer as long as told. */
  static Answer ask(Path mountpoint, long millis) throws InterruptedException {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Thread thread = new Thread(() -> ask(mountpoint, answer), "dsfs-mount-probe");
    thread.setDaemon(true);
    thread.start();
    try {
      return answer.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Answer(null, -1);
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking " + mountpoint, e.getCause());
    }
  }

  private static void ask(Path mountpoint, CompletableFuture<Answer> answer) {
    try {
      byte[] value = new byte[ROOM];
      long length =
          LibC.INSTANCE.lgetxattr(
              CStrings.terminated(mountpoint), CStrings.terminated(ATTRIBUTE), value, ROOM);
      answer.complete(
          length < 0
              ? new Answer(null, LibC.lastError())
              : new Answer(
                  new String(Arrays.copyOf(value, (int) length), StandardCharsets.UTF_8), 0));
    } catch (Throwable e) {
      answer.completeExceptionally(e);
    }
  }

  /** Looks a path up and does nothing with it. */
  static void touch(String path) {
    byte[] name = Utf8.encode(ATTRIBUTE + '\0');
    long ignored = LibC.INSTANCE.lgetxattr(CStrings.terminated(path), name, new byte[1], 0);
    assert ignored <= 0;
  }
}
