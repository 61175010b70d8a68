package io.datasetfs.store.local;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes the temporary files of processes that have died. */
final class AbandonedFiles {
  private static final Logger LOG = System.getLogger(AbandonedFiles.class.getName());
  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.(?:session|[0-9]+)");

  private AbandonedFiles() {}

  /**
   * Removes what it can; what it may not, as on a read-only disk, stays. Synchronized because two
   * threads that look at one session would drop each other's lock on its file.
   *
   * @param directory where the temporary files are; may be missing
   */
  static synchronized void remove(Path directory) {
    try {
      for (String id : sessionsIn(directory)) {
        if (!WriteSession.isOwn(id)) {
          removeQuietly(directory, id);
        }
      }
    } catch (NoSuchFileException e) {
      // nobody has written yet
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Not looked for what dead processes left in " + directory, e);
    }
  }

  private static void removeQuietly(Path directory, String id) {
    try {
      removeIfDead(directory, id);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Files of session " + id + " stay in " + directory, e);
    }
  }

  private static Set<String> sessionsIn(Path directory) throws IOException {
    Set<String> ids = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          ids.add(name.group(1));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return ids;
  }

  private static void removeIfDead(Path directory, String id) throws IOException {
    Path session = directory.resolve(id + WriteSession.SUFFIX);
    try (FileChannel channel = FileChannel.open(session, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        removeTemporaries(directory, id);
        // last, so that what is left after a crash here is found again
        Files.deleteIfExists(session);
      }
    } catch (NoSuchFileException e) {
      // a session's file is there before and as long as its temporary files: it has ended
      removeTemporaries(directory, id);
    }
  }

  private static void removeTemporaries(Path directory, String id) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, id + ".[0-9]*")) {
      for (Path file : files) {
        Files.deleteIfExists(file);
        LOG.log(Level.DEBUG, "Removed {0}, left by a process that has died", file);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }
}
