package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;

/**
 * Brings the bytes of an open file to the disk: its content file, that file's name, and then which
 * of its pages are safe. Thread-safe.
 */
final class Syncing {
  private final ContentFile file;
  private final ContentFiles files;
  private final long number;

  /** Held from taking what a sync is to keep until it is kept. */
  private final Object syncing = new Object();

  /** Guarded by {@code syncing}. */
  private boolean nameSynced;

  Syncing(ContentFile file, ContentFiles files, long number) {
    this.file = file;
    this.files = files;
    this.number = number;
  }

  /** Syncs, if there is a content file. Called without the lock. */
  void run(boolean dataOnly) throws FsException {
    NativeFile content = file.find();
    if (content != null) {
      synchronized (syncing) {
        sync(content, dataOnly);
      }
    }
  }

  private void sync(NativeFile content, boolean dataOnly) throws FsException {
    PageMap.Unsynced taken = takeUnsynced();
    try {
      content.sync(dataOnly);
      if (!nameSynced) {
        syncName(content);
        nameSynced = true;
      }
      if (taken != null) {
        file.pages().keep(taken);
      }
    } catch (FsException e) {
      restore(taken);
      throw e;
    }
  }

  /** What was written is made safe also when no more files can be opened. */
  private void syncName(NativeFile content) throws FsException {
    try {
      files.syncName(number);
    } catch (FsException e) {
      if (e.kind() != FailureKind.TOO_MANY_OPEN) {
        throw e;
      }
      content.syncDisk();
    }
  }

  private PageMap.Unsynced takeUnsynced() {
    file.lock().writeLock().lock();
    try {
      return file.pages() == null ? null : file.pages().unsynced();
    } finally {
      file.lock().writeLock().unlock();
    }
  }

  private void restore(PageMap.Unsynced taken) {
    if (taken != null) {
      file.lock().writeLock().lock();
      try {
        file.pages().restore(taken);
      } finally {
        file.lock().writeLock().unlock();
      }
    }
  }
}
