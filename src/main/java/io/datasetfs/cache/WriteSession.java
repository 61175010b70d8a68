package io.datasetfs.cache;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * A directory for the temporary files of one open cache, with a file {@code lock} that is locked as
 * long as the process lives: so others know whose leftovers they may remove.
 *
 * <p>The lock is dropped when the process closes any descriptor of the file: nobody in this process
 * may open that of a session of its own.
 */
final class WriteSession implements AutoCloseable {
  private static final Logger LOG = System.getLogger(WriteSession.class.getName());
  private static final String LOCK = "lock";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;
  private final AtomicLong count = new AtomicLong();

  private WriteSession(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Begins a session.
   *
   * @param parent an existing directory that holds those of all sessions
   */
  static WriteSession begin(Path parent) throws IOException {
    while (true) {
      WriteSession session = tryBegin(parent);
      if (session != null) {
        return session;
      }
    }
  }

  /** Nothing when somebody who cleans up came between the file and its lock. */
  private static WriteSession tryBegin(Path parent) throws IOException {
    String id = UUID.randomUUID().toString();
    Path directory = parent.resolve(id);
    Path file = directory.resolve(LOCK);
    FileChannel channel = null;
    boolean begun = false;
    OWN.add(id);
    try {
      Files.createDirectory(directory);
      channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      begun = lock != null && Files.exists(file);
      return begun ? new WriteSession(directory, channel) : null;
    } catch (NoSuchFileException e) {
      if (Files.isDirectory(parent)) {
        return null;
      }
      throw e;
    } finally {
      if (!begun) {
        if (channel != null) {
          channel.close();
        }
        OWN.remove(id);
      }
    }
  }

  /** A name for a new temporary file. */
  Path nextTemporary() {
    return directory.resolve(Long.toString(count.getAndIncrement()));
  }

  /** Whether the session's directory is where it was. */
  boolean stands() {
    return Files.exists(directory.resolve(LOCK));
  }

  /**
   * Removes what dead sessions left.
   *
   * @param parent the directory that holds those of all sessions; may be missing
   * @return the number of living sessions, those of this process included
   */
  static synchronized int removeDead(Path parent) {
    int living = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(parent)) {
      for (Path session : all) {
        String id = session.getFileName().toString();
        if (OWN.contains(id)) {
          living++;
        } else if (ID.matcher(id).matches()
            && Files.isDirectory(session, LinkOption.NOFOLLOW_LINKS)) {
          living += removeIfDead(session) ? 0 : 1;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(Level.DEBUG, "Not looked for what dead processes left in " + parent, e);
    }
    return living;
  }

  private static boolean removeIfDead(Path session) {
    try (FileChannel channel = FileChannel.open(session.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return false;
      }
      remove(session);
    } catch (NoSuchFileException e) {
      // A new session that has no lock yet, and begins another when this is gone; or an old one
      // whose removal was cut short.
      removeQuietly(session);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Not removed, and perhaps not dead: " + session, e);
    }
    return true;
  }

  private static void removeQuietly(Path session) {
    try {
      remove(session);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Stays behind until the next start: " + session, e);
    }
  }

  private static void remove(Path session) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(session)) {
      for (Path file : files) {
        if (!file.getFileName().toString().equals(LOCK)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (NoSuchFileException e) {
      return;
    }
    // last, so that what a crash leaves here is found again
    Files.deleteIfExists(session.resolve(LOCK));
    Files.deleteIfExists(session);
  }

  @Override
  public void close() {
    try (channel) {
      remove(directory);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Stays behind until the next start: " + directory, e);
    } finally {
      OWN.remove(directory.getFileName().toString());
    }
  }
}
