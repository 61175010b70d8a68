package io.datasetfs.bench;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.BaseSource;
import io.datasetfs.staging.Creator;
import io.datasetfs.staging.OpenMode;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedInode;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.staging.StagingAreas;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What an uncommitted version does without a kernel: DIRECTORY FILES. Prints how many files of 4
 * KiB eight threads make a second, and how long one thread takes to unpack as many as tar does.
 */
public final class StagedWrites {
  private static final DatasetId DATASET = new DatasetId("dst364npcw6ccok");
  private static final Creator CREATOR = new Creator(0, 0);
  private static final int THREADS = 8;
  private static final int FILES_IN_DIRECTORY = 20;
  private static final int FILE_BYTES = 4096;
  private static final int LARGE_BLOCKS = 2048;

  private StagedWrites() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    StagingAreas areas = new StagingAreas(Path.of(arguments[0]), Clock.systemUTC());
    int files = Integer.parseInt(arguments[1]);
    for (int round = 0; round < 3; round++) {
      measure(areas, "creates0", files, StagedWrites::createInThreads);
      measure(areas, "unpacks0", files, (version, count) -> unpack(version, count));
    }
    measure(areas, "writes00", LARGE_BLOCKS, StagedWrites::writeLarge);
  }

  private interface Work {
    void run(StagedVersion version, int count) throws Exception;
  }

  private static void measure(StagingAreas areas, String name, int count, Work work)
      throws Exception {
    VersionId id = new VersionId(name.substring(0, 7));
    long begin;
    try (StagedVersion version =
        areas.create(DATASET, id, Optional.empty(), CREATOR, BaseSource.NONE)) {
      begin = System.nanoTime();
      work.run(version, count);
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.printf("%s %.2f s, %.0f a second%n", name, seconds, count / seconds);
    }
    areas.remove(DATASET, id);
  }

  private static void createInThreads(StagedVersion version, int count) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        StagedInode directory = version.makeDirectory(version.root(), "d" + t, 0755, CREATOR);
        done.add(
            threads.submit(
                () -> {
                  ByteBuffer content = ByteBuffer.allocateDirect(FILE_BYTES);
                  for (int i = 0; i < count / THREADS; i++) {
                    create(version, directory, "file" + i, content.clear()).close();
                  }
                  return null;
                }));
      }
      for (Future<?> thread : done) {
        thread.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static StagedFile create(
      StagedVersion version, StagedInode directory, String name, ByteBuffer content)
      throws FsException {
    StagedFile file = version.create(directory, name, 0600, CREATOR, OpenMode.WRITE);
    file.write(0, content);
    return file;
  }

  /** As tar does it for root: look, make, write, own, time, close. */
  private static void unpack(StagedVersion version, int count) throws FsException {
    ByteBuffer content = ByteBuffer.allocateDirect(FILE_BYTES);
    Instant time = Instant.parse("2024-01-02T03:04:05Z");
    StagedInode directory = version.root();
    for (int i = 0; i < count; i++) {
      if (i % FILES_IN_DIRECTORY == 0) {
        directory = version.makeDirectory(version.root(), "d" + i, 0755, CREATOR);
      }
      String name = "file" + i;
      try {
        version.lookup(directory, name);
      } catch (FsException e) {
        StagedFile file = create(version, directory, name, content.clear());
        AttributeChange none = AttributeChange.NONE;
        version.setAttributes(file.inode(), none.withUid(0).withGid(0));
        version.setAttributes(file.inode(), none.withMode(0644));
        version.setAttributes(file.inode(), none.withAtime(time).withMtime(time));
        file.close();
      }
    }
  }

  private static void writeLarge(StagedVersion version, int blocks) throws FsException {
    ByteBuffer content = ByteBuffer.allocateDirect(1 << 20);
    try (StagedFile file = version.create(version.root(), "f", 0644, CREATOR, OpenMode.WRITE)) {
      for (int i = 0; i < blocks; i++) {
        file.write((long) i << 20, content.clear());
      }
    }
  }
}
