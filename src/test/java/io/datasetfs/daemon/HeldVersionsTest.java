package io.datasetfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.ConfigurationFile;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.NodeName;
import io.datasetfs.catalog.Providers;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.commit.ImportProgress;
import io.datasetfs.commit.StagedCommit;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import io.datasetfs.staging.Creator;
import io.datasetfs.staging.Holder;
import io.datasetfs.staging.OpenMode;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedInode;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.staging.StagingAreas;
import io.datasetfs.store.Sleeper;
import io.datasetfs.store.local.LocalObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The versions of a daemon, of which several requests want different things at once. */
@Timeout(120)
class HeldVersionsTest {
  private static final CommitWish WISH = new CommitWish("done", Optional.empty(), Duration.ZERO);
  private static final Creator OWNER = new Creator(0, 0);

  @TempDir Path home;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Paused paused = new Paused();
  private final Mount mount = new Mount();
  private Providers providers;
  private Catalog catalog;
  private HeldVersions held;
  private StagedReference version;

  /** A commit that waits in its midst until it may go on. */
  private static final class Paused implements ImportProgress {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public boolean wantsTotals() {
      return true;
    }

    @Override
    public void expect(long bytes) {
      reached.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void advance(long bytes) {}
  }

  /** A mount in which nothing is open. */
  private static final class Mount implements HeldVersions.Users {
    private Runnable then;

    @Override
    public boolean retire(DatasetId dataset, VersionId version, boolean force) {
      return true;
    }

    @Override
    public synchronized void whenUnused(DatasetId dataset, VersionId version, Runnable next) {
      then = next;
    }

    synchronized Runnable then() {
      return then;
    }
  }

  @BeforeEach
  void create() throws FsException {
    SecureRandom random = new SecureRandom();
    providers =
        new Providers(
            new ConfigurationFile(home.resolve("config.yaml"), Sleeper.THREAD),
            home.resolve("local"),
            provider -> LocalObjectStore.open(Path.of(provider.config().get("path"))),
            random);
    catalog = new Catalog(providers, random, Clock.systemUTC(), Sleeper.THREAD);
    StagingAreas areas = new StagingAreas(home.resolve("staging"), Clock.systemUTC());
    NodeAreas node =
        new NodeAreas(
            catalog,
            areas,
            dataset -> {
              throw new FsException(FailureKind.NOT_FOUND, "no base");
            },
            new NodeName("node", false));
    held =
        new HeldVersions(
            catalog,
            node,
            new StagedCommit(catalog, Optional.empty(), random, Clock.systemUTC()),
            mount,
            home.resolve("staging"));
    Dataset dataset = catalog.create("d", providers.list().get(0), "");
    version = node.create(dataset, "wip", Optional.empty());
    try (StagedFile file = make("file")) {
      file.write(0, ByteBuffer.wrap("text".getBytes(StandardCharsets.UTF_8)));
    }
  }

  @AfterEach
  void end() {
    paused.goOn.countDown();
    threads.shutdownNow();
    held.close();
    providers.close();
  }

  private StagedFile make(String name) throws FsException {
    StagedVersion files = held.open(version);
    StagedInode root = files.root();
    return files.create(root, name, 0644, OWNER, OpenMode.WRITE);
  }

  private Future<?> commit() throws InterruptedException {
    Future<?> commit = threads.submit(() -> held.commit(version, WISH, paused));
    paused.reached.await();
    return commit;
  }

  private static void assertFails(FailureKind kind, String text, Executable work) {
    FsException e = assertThrows(FsException.class, work);
    assertEquals(kind, e.kind(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  private List<Path> left() throws IOException {
    Path areas = home.resolve("staging/" + version.dataset().id().value());
    if (!Files.exists(areas)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(areas)) {
      return all.toList();
    }
  }

  private Dataset now() throws FsException {
    return catalog.find(version.dataset().id()).orElseThrow();
  }

  /** Who took them meanwhile would let programs write what the commit does not have. */
  @Test
  void filesAreNotGivenBackWhileTheyAreCommitted() throws Exception {
    Future<?> commit = commit();
    assertFails(FailureKind.BUSY, "is being committed", () -> held.release(version));
    assertFails(FailureKind.READ_ONLY, "", () -> make("late"));
    paused.goOn.countDown();
    commit.get();
    assertEquals(1, now().head().find(version.id()).orElseThrow().tree().summary().files());
    assertFails(FailureKind.NOT_FOUND, "not uncommitted", () -> held.release(version));
  }

  @Test
  void aVersionIsNotDeletedWhileItIsCommitted() throws Exception {
    Future<?> commit = commit();
    assertFails(FailureKind.BUSY, "is being committed", () -> held.delete(version));
    assertTrue(now().head().findUncommitted(version.id()).isPresent());
    paused.goOn.countDown();
    commit.get();
    assertFails(FailureKind.READ_ONLY, "", () -> held.delete(version));
    assertEquals(1, left().size());
    mount.then().run();
    assertEquals(List.of(), left());
  }

  @Test
  void filesAreGivenBackAndTakenAgain() throws Exception {
    held.release(version);
    assertFalse(held.isHeld(version));
    held.release(version);
    make("another").close();
    assertEquals(List.of(), held.holders(version));
    try (StagedFile open = make("open")) {
      assertEquals(List.of(new Holder(0, "open")), held.holders(version));
      open.write(0, ByteBuffer.allocate(1));
    }
    held.delete(version);
    assertEquals(List.of(), left());
    assertTrue(now().head().findUncommitted(version.id()).isEmpty());
  }

  /** The process may end as soon as it is closed. */
  @Test
  void theEndWaitsForRemovals() throws Exception {
    paused.goOn.countDown();
    commit().get();
    Future<?> removal = threads.submit(mount.then());
    while (held.isHeld(version)) {
      Thread.onSpinWait();
    }
    held.close();
    assertEquals(List.of(), left());
    removal.get();
  }

  @Test
  void theEndWaitsForCommits() throws Exception {
    Future<?> commit = commit();
    Future<?> end = threads.submit(held::close);
    assertFails(FailureKind.NOT_FOUND, "", this::awaitClosed);
    assertFalse(end.isDone());
    paused.goOn.countDown();
    commit.get();
    end.get();
    assertTrue(now().head().find(version.id()).isPresent());
    assertEquals(List.of(), left());
  }

  private void awaitClosed() throws FsException {
    while (true) {
      StagedVersion unused = held.open(version);
    }
  }
}
