package io.datasetfs.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.ConfigurationFile;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.Nudge;
import io.datasetfs.catalog.Providers;
import io.datasetfs.catalog.StoreFactory;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.Model;
import io.datasetfs.store.FaultyObjectStore;
import io.datasetfs.store.FaultyObjectStore.Call;
import io.datasetfs.store.FaultyObjectStore.Moment;
import io.datasetfs.store.ObjectStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A mount of datasets at a provider that is far away: what it asks, and what it shows unasked. */
@Timeout(120)
class DistantCatalogTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path home;
  private FsFixture fixture;
  private Dataset icons;
  private String id;

  @BeforeEach
  void create() throws FsException {
    fixture = new FsFixture(home, Map.of(), Freshness.REMOTE, HOUR);
    icons = fixture.create("icons", "");
    id = icons.id().value();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Another process with the same provider, which answers as {@code store} does. */
  private FsFixture restarted(ObjectStore store, Duration patience) {
    return new FsFixture(home, Map.of("local", store), Freshness.REMOTE, patience);
  }

  /** Another process that changes the catalog, of this user and machine or of others. */
  private Catalog command(Nudge nudge) {
    StoreFactory stores = provider -> fixture.store;
    return new Catalog(
        new Providers(
            new ConfigurationFile(home.resolve("config.yaml"), pause -> {}),
            home.resolve("local"),
            stores,
            new Random(5)),
        new Random(6),
        Clock.systemUTC(),
        pause -> {},
        nudge);
  }

  private Catalog elsewhere() {
    return command(Nudge.NONE);
  }

  private static void breakDown(FaultyObjectStore store) {
    for (Call call : Call.values()) {
      store.failAll(call, Moment.BEFORE, FailureKind.UNAVAILABLE);
    }
  }

  private long looks() {
    return fixture.store.calls(Call.LIST_SEGMENTS);
  }

  private void passIn(int steps, Duration time, Step step) throws FsException {
    for (int i = 0; i < steps; i++) {
      fixture.pass(time.dividedBy(steps));
      step.run();
    }
  }

  private interface Step {
    void run() throws FsException;
  }

  @Test
  @Tag("promise-18")
  void aDaemonThatBeginsInAnOutageShowsWhatWasKnown() throws FsException {
    VersionRecord version =
        fixture.publish(
            icons, "hello", new Model.Directory().with("f", FsFixture.text("x")), "golden");
    fixture.later();
    assertEquals(3, fixture.names(id).size());
    breakDown(fixture.store);
    try (FsFixture after = restarted(fixture.store, HOUR)) {
      assertEquals(List.of(id, "icons"), after.names("/"));
      assertEquals(List.of(version.id().value(), "golden", "latest"), after.names(id));
      assertEquals(version.id().value(), after.fs.readLink(after.at(id + "/golden")));
      assertEquals(id + "/" + version.id(), after.fs.readLink(after.at("icons:latest")));
      fixture.store.heal();
      elsewhere().removeTag(icons, "golden");
      after.later();
      after.pass(Duration.ofSeconds(10));
      assertEquals(List.of(version.id().value(), "latest"), after.names(id));
    }
  }

  @Test
  @Tag("promise-18")
  void aProviderThatHangsFromTheBeginningIsNotWaitedForLong() throws Exception {
    fixture.names("/");
    CountDownLatch never = new CountDownLatch(1);
    ObjectStore hanging =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  never.await();
                  return null;
                });
    try (FsFixture after = restarted(hanging, Duration.ofMillis(100))) {
      assertEquals(List.of(id, "icons"), after.names("/"));
      after.later();
      assertEquals(List.of(id, "icons"), after.names("/"));
      assertThrows(FsException.class, () -> after.at("nothing"));
    } finally {
      never.countDown();
    }
  }

  @Test
  @Tag("promise-12")
  void aSlowProviderIsWaitedForBeforeWhatWasKeptIsShown() throws Exception {
    fixture.names("/");
    Dataset other = elsewhere().create("other", icons.provider(), "");
    ObjectStore slow =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  TimeUnit.MILLISECONDS.sleep(400);
                  return method.invoke(fixture.store, arguments);
                });
    // The patience of a mount, not that of a test.
    try (FsFixture after = new FsFixture(home, Map.of("local", slow), Freshness.REMOTE)) {
      assertEquals(other.id().value(), after.fs.readLink(after.at("other")));
    }
  }

  @Test
  void aHeadThatIsKeptIsNotFetchedAgain() throws FsException {
    fixture.names("/");
    long reads = fixture.store.calls(Call.FIND);
    try (FsFixture after = restarted(fixture.store, HOUR)) {
      assertEquals(List.of(id, "icons"), after.names("/"));
    }
    // dsfs.json alone
    assertEquals(reads + 1, fixture.store.calls(Call.FIND));
  }

  @Test
  void whatIsNotThereAnyLongerIsNotKept() throws Exception {
    Dataset other = fixture.create("other", "");
    fixture.names("/");
    Path kept = home.resolve("heads").resolve(icons.provider().id().value());
    assertTrue(Files.exists(kept.resolve(id)));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.resolve(id))));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
    Files.writeString(kept.resolve("new-abandoned"), "x");
    fixture.catalog.delete(icons);
    fixture.later();
    assertEquals(2, fixture.names("/").size());
    try (var files = Files.list(kept)) {
      assertEquals(List.of(kept.resolve(other.id().value())), files.toList());
    }
    StorageProvider added =
        fixture.catalog.providers().add("b", "local", Map.of("path", "/b"), store -> {});
    fixture.pass(Duration.ofSeconds(10));
    fixture.names("/");
    assertTrue(Files.exists(home.resolve("heads").resolve(added.id().value())));
    fixture.catalog.providers().remove("b");
    fixture.later();
    fixture.names("/");
    assertTrue(Files.notExists(home.resolve("heads").resolve(added.id().value())));
  }

  @Test
  void aProviderThatWasMovedDoesNotShowTheOldPlace() throws Exception {
    fixture.names("/");
    fixture.catalog.providers().update("local", Optional.empty(), Map.of("path", "/moved"));
    breakDown(fixture.store);
    try (FsFixture after = restarted(fixture.store, HOUR)) {
      assertEquals(List.of(), after.names("/"));
    }
    // A new name is no new place, nor is a new key.
    fixture.store.heal();
    fixture
        .catalog
        .providers()
        .update(
            "local",
            Optional.of("renamed"),
            Map.of("path", home.resolve("local").toString(), "accessKey", "k"));
    breakDown(fixture.store);
    try (FsFixture after =
        new FsFixture(home, Map.of("renamed", fixture.store), Freshness.REMOTE, HOUR)) {
      assertEquals(List.of(id, "icons"), after.names("/"));
    }
  }

  @Test
  void whatIsDamagedOrCannotBeWrittenIsIgnored() throws Exception {
    Dataset other = fixture.create("other", "");
    fixture.names("/");
    Path kept = home.resolve("heads").resolve(icons.provider().id().value());
    byte[] bytes = Files.readAllBytes(kept.resolve(id));
    breakDown(fixture.store);
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] ^= 4;
      Files.write(kept.resolve(id), i % 5 == 0 ? new byte[i] : damaged);
      try (FsFixture after = restarted(fixture.store, HOUR)) {
        assertEquals(List.of(other.id().value(), "other"), after.names("/"));
      }
    }
    fixture.store.heal();
    replaceByFile(home.resolve("heads"));
    try (FsFixture after = restarted(fixture.store, HOUR)) {
      assertEquals(4, after.names("/").size());
    }
  }

  private static void replaceByFile(Path directory) throws IOException {
    Files.move(directory, directory.resolveSibling("away"));
    Files.writeString(directory, "in the way");
  }

  @Test
  void whileItIsUsedTheProviderIsAskedEveryFiveSecondsAndElseEveryThirty() throws Exception {
    BlockingQueue<String> changed = new LinkedBlockingQueue<>();
    fixture.names("/");
    fixture.view.listen(
        (directory, name) -> {
          if (name.equals("icons")) {
            changed.add(name);
          }
        });
    fixture.at("icons");
    long before = looks();
    elsewhere().update(icons, Optional.of("one"), Optional.empty());
    long creation = looks() - before;
    // Looks go on all the time, and find that it is not yet time.
    assertEquals(null, changed.poll(2, TimeUnit.SECONDS));
    assertEquals(before + creation, looks());
    fixture.pass(Duration.ofSeconds(5));
    assertTrue(changed.poll(20, TimeUnit.SECONDS) != null);
    assertEquals(before + creation + 1, looks());

    fixture.pass(Duration.ofMinutes(3));
    awaitLooks(before + creation + 2);
    fixture.pass(Duration.ofSeconds(20));
    TimeUnit.SECONDS.sleep(2);
    assertEquals(before + creation + 2, looks());
    fixture.pass(Duration.ofSeconds(10));
    awaitLooks(before + creation + 3);
  }

  private void awaitLooks(long number) throws InterruptedException {
    while (looks() < number) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void whoAsksForWhatIsNotThereCausesOneLookASecond() throws FsException {
    fixture.names("/");
    long before = looks();
    passIn(
        200,
        Duration.ofSeconds(10),
        () -> assertThrows(FsException.class, () -> fixture.at("absent")));
    assertTrue(looks() - before <= 10, () -> (looks() - before) + " looks");
    elsewhere().create("absent", icons.provider(), "");
    fixture.later();
    assertEquals(FileType.SYMLINK, fixture.fs.getAttributes(fixture.at("absent")).type());
  }

  @Test
  @Tag("promise-12")
  void whoListsSeesWhatIsThere() throws FsException {
    assertEquals(2, fixture.names("/").size());
    elsewhere().create("other", icons.provider(), "");
    fixture.later();
    assertEquals(4, fixture.names("/").size());
  }

  @Test
  @Tag("promise-12")
  void aChangeOnTheSameMachineIsSeenAtOnce() throws Exception {
    VersionRecord version = fixture.publish(icons, "", new Model.Directory());
    VersionRecord next = fixture.publish(icons, "", new Model.Directory());
    fixture.later();
    assertEquals(next.id().value(), fixture.fs.readLink(fixture.at(id + "/latest")));
    BlockingQueue<String> changed = new LinkedBlockingQueue<>();
    Nudge sameMachine = new Nudge(home.resolve("run/changes"));
    command(sameMachine).deleteVersion(icons, next.id());
    // By no means a second, but more than the pause between two questions.
    fixture.pass(Duration.ofMillis(25));
    assertEquals(version.id().value(), fixture.fs.readLink(fixture.at(id + "/latest")));

    fixture.view.listen((directory, name) -> changed.add(name));
    command(sameMachine).setTag(icons, "golden", version.id());
    // The clock stands still: nothing but the nudge makes it look.
    while (!"golden".equals(changed.poll(60, TimeUnit.SECONDS))) {
      assertTrue(Files.exists(home.resolve("run/changes")));
    }
  }

  @Test
  void nobodyIsNudgedWhereNobodyListens() throws FsException {
    Nudge unheard = new Nudge(home.resolve("nowhere/changes"));
    command(unheard)
        .setTag(icons, "golden", fixture.publish(icons, "", new Model.Directory()).id());
    assertTrue(Files.notExists(home.resolve("nowhere")));
  }
}
