package io.datasetfs.store.local;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says whose a temporary file is and whether that one still lives. A session is a file {@code
 * <id>.session} on which its process holds a lock as long as it lives, and which is older than each
 * of the session's temporary files {@code <id>.<number>}.
 *
 * <p>The lock is dropped when the process closes any descriptor of the file: nobody in this process
 * may open the file of a session of its own.
 */
final class WriteSession implements AutoCloseable {
  /** The suffix of a session's file, after its id. */
  static final String SUFFIX = ".session";

  private static final Logger LOG = System.getLogger(WriteSession.class.getName());
  private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final String id;
  private final FileChannel channel;
  private final AtomicLong count = new AtomicLong();

  private WriteSession(Path directory, String id, FileChannel channel) {
    this.directory = directory;
    this.id = id;
    this.channel = channel;
  }

  /** Begins a session in an existing directory. */
  static WriteSession begin(Path directory) throws IOException {
    while (true) {
      WriteSession session = tryBegin(directory);
      if (session != null) {
        return session;
      }
    }
  }

  /** Nothing when somebody who cleans up came between the session's file and its lock. */
  private static WriteSession tryBegin(Path directory) throws IOException {
    String id = UUID.randomUUID().toString();
    Path file = directory.resolve(id + SUFFIX);
    FileChannel channel = null;
    boolean begun = false;
    OWN.add(id);
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      begun = lock != null && Files.exists(file);
      return begun ? new WriteSession(directory, id, channel) : null;
    } finally {
      if (!begun) {
        if (channel != null) {
          channel.close();
          Files.deleteIfExists(file);
        }
        OWN.remove(id);
      }
    }
  }

  /** Whether the session with this id is one of this process. */
  static boolean isOwn(String id) {
    return OWN.contains(id);
  }

  /** A name for a new temporary file. */
  Path nextTemporary() {
    return directory.resolve(id + "." + count.getAndIncrement());
  }

  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(directory.resolve(id + SUFFIX));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A session's file stays behind until the next start", e);
    } finally {
      OWN.remove(id);
    }
  }
}
