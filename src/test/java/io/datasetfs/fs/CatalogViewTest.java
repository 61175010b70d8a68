package io.datasetfs.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.Model;
import io.datasetfs.store.FaultyObjectStore.Call;
import io.datasetfs.store.FaultyObjectStore.Moment;
import io.datasetfs.store.MemoryObjectStore;
import io.datasetfs.store.ObjectStore;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CatalogViewTest {
  @TempDir Path home;
  private FsFixture fixture;
  private Dataset icons;
  private String id;
  private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();

  @BeforeEach
  void create() throws FsException {
    fixture = new FsFixture(home);
    icons = fixture.create("icons", "");
    id = icons.id().value();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Waits until all these have been reported, whatever else is. */
  private void awaitChanges(Set<String> expected) throws InterruptedException {
    Set<String> missing = new TreeSet<>(expected);
    while (!missing.isEmpty()) {
      String change = changed.poll(20, TimeUnit.SECONDS);
      assertNotNull(change, missing.toString());
      missing.remove(change);
    }
  }

  @Test
  @Tag("promise-12")
  void newsAreSeenWithinASecond() throws FsException {
    assertEquals(List.of(id, "icons"), fixture.names("/"));
    Dataset other = fixture.create("other", "");
    VersionRecord version = fixture.publish(icons, "", new Model.Directory(), "golden");
    fixture.catalog.update(icons, Optional.of("pictures"), Optional.empty());
    fixture.later();
    assertTrue(fixture.names("/").containsAll(List.of("pictures", "other", other.id().value())));
    assertEquals(3, fixture.names(id).size());
    assertEquals(version.id().value(), fixture.fs.readLink(fixture.at(id + "/golden")));
    assertThrows(FsException.class, () -> fixture.at("icons"));
  }

  @Test
  void whoMissesANameIsToldAsSoonAsCanBe() throws FsException {
    fixture.names("/");
    fixture.create("other", "");
    // Young enough to be shown, old enough to be read again for who does not find something.
    fixture.pass(Duration.ofMillis(350));
    assertEquals(FileType.SYMLINK, fixture.fs.getAttributes(fixture.at("other")).type());
  }

  @Test
  void betweenTwoLooksNobodyAsksTheProvider() throws FsException {
    fixture.names("/");
    long calls = fixture.store.calls(Call.LIST_SEGMENTS);
    for (int i = 0; i < 100; i++) {
      fixture.names("/");
      fixture.fs.getAttributes(fixture.at("icons"));
    }
    assertEquals(calls, fixture.store.calls(Call.LIST_SEGMENTS));
  }

  @Test
  void aHeadIsReadAgainOnlyWhenItHasChanged() throws FsException {
    fixture.names("/");
    long reads = fixture.store.calls(Call.FIND);
    for (int i = 0; i < 10; i++) {
      fixture.later();
      fixture.names("/");
    }
    assertEquals(reads, fixture.store.calls(Call.FIND));
    fixture.catalog.update(icons, Optional.empty(), Optional.of("new"));
    reads = fixture.store.calls(Call.FIND);
    fixture.later();
    fixture.names("/");
    assertEquals(reads + 1, fixture.store.calls(Call.FIND));
  }

  @Test
  @Tag("promise-18")
  void inAnOutageTheLastKnownStateIsShownAndAfterItTheNewOne() throws FsException {
    VersionRecord version =
        fixture.publish(icons, "", new Model.Directory().with("f", FsFixture.text("x")));
    assertEquals("x", fixture.read(id + "/" + version.id() + "/f"));
    fixture.catalog.update(icons, Optional.of("pictures"), Optional.empty());
    for (Call call : Call.values()) {
      fixture.store.failAll(call, Moment.BEFORE, FailureKind.UNAVAILABLE);
    }
    for (int i = 0; i < 3; i++) {
      fixture.later();
      assertEquals(List.of(id, "icons"), fixture.names("/"));
      assertEquals("x", fixture.read(id + "/" + version.id() + "/f"));
    }
    fixture.store.heal();
    fixture.later();
    assertEquals(List.of(id, "pictures"), fixture.names("/"));
  }

  @Test
  void aHeadThatCannotBeReadStaysWhatItWasAndHidesNoOther() throws FsException {
    Dataset other = fixture.create("other", "");
    fixture.names("/");
    fixture.memory.overwrite(icons.prefix() + "dataset.json", new byte[] {1});
    fixture.catalog.update(other, Optional.of("elsewhere"), Optional.empty());
    fixture.later();
    assertTrue(fixture.names("/").containsAll(List.of(id, "icons", "elsewhere")));
  }

  @Test
  void aDatasetWithoutAHeadIsNotShown() throws FsException {
    fixture.names("/");
    fixture.memory.delete(icons.prefix() + "dataset.json");
    fixture.memory.overwrite(icons.prefix() + "packs/aa/leftover", new byte[1]);
    fixture.later();
    assertEquals(List.of(), fixture.names("/"));
  }

  @Test
  void namesThatAreGoneAreReported() throws Exception {
    VersionRecord first = fixture.publish(icons, "", new Model.Directory(), "golden", "silver");
    VersionRecord second = fixture.publish(icons, "", new Model.Directory());
    fixture.names("/");
    fixture.view.listen((directory, name) -> changed.add(directory + " " + name));

    fixture.catalog.removeTag(icons, "golden");
    fixture.catalog.setTag(icons, "silver", second.id());
    fixture.later();
    fixture.names("/");
    awaitChanges(selectors("golden", "silver"));

    fixture.catalog.deleteVersion(icons, first.id());
    fixture.catalog.update(icons, Optional.of("pictures"), Optional.empty());
    fixture.later();
    fixture.names("/");
    Set<String> expected = selectors(first.id().value());
    expected.addAll(Set.of("/ icons", "/ icons:latest", "/ icons:silver"));
    expected.add("/ icons:" + second.id());
    awaitChanges(expected);

    fixture.catalog.delete(icons);
    fixture.later();
    fixture.names("/");
    awaitChanges(Set.of("/ " + id, "/ pictures", "/" + id + " latest"));
  }

  /** The names that a dataset's own stand for, and with them in references. */
  private Set<String> selectors(String... names) {
    Set<String> all = new TreeSet<>();
    for (String name : names) {
      all.addAll(List.of("/" + id + " " + name, "/ " + id + ":" + name, "/ icons:" + name));
    }
    return all;
  }

  @Test
  void namesThatAreNewAreReported() throws Exception {
    fixture.names("/");
    fixture.view.listen((directory, name) -> changed.add(directory + " " + name));
    VersionRecord version = fixture.publish(icons, "", new Model.Directory());
    Dataset other = fixture.create("other", "");
    fixture.later();
    fixture.names("/");
    Set<String> expected = selectors("latest", version.id().value());
    expected.add("/ " + other.id());
    awaitChanges(expected);
  }

  @Test
  @Tag("promise-12")
  void whoListensIsToldWithoutAsking() throws Exception {
    fixture.names("/");
    fixture.view.listen((directory, name) -> changed.add(directory + " " + name));
    fixture.create("other", "");
    fixture.later();
    assertNotNull(changed.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void aNameThatMovesToAnotherDatasetIsReported() throws Exception {
    fixture.names("/");
    fixture.view.listen((directory, name) -> changed.add(directory + " " + name));
    fixture.catalog.update(icons, Optional.of("old"), Optional.empty());
    Dataset other = fixture.create("icons", "");
    fixture.later();
    fixture.names("/");
    awaitChanges(Set.of("/ icons", "/ " + other.id()));
  }

  @Test
  @Tag("promise-18")
  void aProviderThatHangsHidesNothingAndMakesNoOtherOld() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    AtomicBoolean hangs = new AtomicBoolean();
    MemoryObjectStore slow = new MemoryObjectStore();
    Object hanging =
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> {
              if (hangs.get()) {
                answers.await();
              }
              return method.invoke(slow, arguments);
            });
    try (FsFixture two =
        new FsFixture(
            home, Map.of("slow", (ObjectStore) hanging), Freshness.LOCAL, Duration.ofMillis(100))) {
      StorageProvider provider =
          two.catalog.providers().add("slow", "local", Map.of("path", "/slow"), store -> {});
      two.catalog.create("far", provider, "");
      two.create("near", "");
      while (two.names("/").size() < 4) {
        two.later();
      }
      hangs.set(true);
      two.publish(two.view.known().find("near").orElseThrow().dataset(), "", new Model.Directory());
      String near = two.fs.readLink(two.at("near"));
      while (two.names(near).size() < 2) {
        two.later();
        assertTrue(two.names("/").containsAll(List.of("far", "near")));
      }
    } finally {
      answers.countDown();
    }
  }

  @Test
  void afterClosingTheLastKnownStateIsShown() throws FsException {
    fixture.names("/");
    fixture.view.close();
    fixture.later();
    assertEquals(List.of(id, "icons"), fixture.names("/"));
  }
}
