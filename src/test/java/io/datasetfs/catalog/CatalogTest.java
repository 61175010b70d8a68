package io.datasetfs.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.format.HeadCodec;
import io.datasetfs.format.RepositoryFormat;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Reference;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.Utf8;
import io.datasetfs.model.VersionId;
import io.datasetfs.store.ObjectStore;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
  private static final VersionId A = new VersionId("aaaaaaa");
  private static final VersionId B = new VersionId("bbbbbbb");

  @TempDir Path home;
  private CatalogFixture fixture;
  private Catalog catalog;

  @BeforeEach
  void open() {
    fixture = new CatalogFixture(home);
    catalog = fixture.catalog();
  }

  private Dataset create(String name) throws FsException {
    return catalog.create(name, catalog.providers().standard(), "");
  }

  private static FsException failure(FailureKind kind, Executable action) {
    FsException e = assertThrows(FsException.class, action);
    assertEquals(kind, e.kind(), e.getMessage());
    return e;
  }

  @Test
  void listsNothingBeforeAnythingIsStored() throws FsException {
    assertEquals(new Listing(List.of(), List.of()), catalog.list());
    assertEquals(List.of(), fixture.store().keys(), "listing writes nothing");
  }

  @Test
  void findsByIdAndByName() throws FsException {
    Dataset icons = catalog.create("icons", catalog.providers().standard(), "all of them");
    assertEquals(icons, fixture.catalog().require(icons.id().value()));
    assertEquals(icons, fixture.catalog().require("icons"));
    assertEquals("all of them", icons.head().description());
    assertEquals(CatalogFixture.NOW, icons.head().created());
    assertEquals(List.of(icons), catalog.list().datasets());
    failure(FailureKind.NOT_FOUND, () -> catalog.require("fonts"));
    failure(FailureKind.NOT_FOUND, () -> catalog.require("dst000000000000"));
  }

  @Test
  void refusesNamesThatAreTakenOrUnfit() throws FsException {
    Dataset icons = create("icons");
    FsException e = failure(FailureKind.EXISTS, () -> create("icons"));
    assertTrue(e.getMessage().contains(icons.id().value()), e.getMessage());
    failure(FailureKind.INVALID, () -> create("latest"));
    failure(FailureKind.INVALID, () -> create("a/b"));
    Dataset fonts = create("fonts");
    failure(
        FailureKind.EXISTS, () -> catalog.update(fonts, Optional.of("icons"), Optional.empty()));
    catalog.update(fonts, Optional.of("fonts"), Optional.of("unchanged name is no clash"));
    assertEquals("unchanged name is no clash", catalog.require("fonts").head().description());
  }

  @Test
  void namesTheIdsOfAnAmbiguousName() throws FsException {
    Dataset one = create("one");
    Dataset two = create("two");
    DatasetHead head = two.head().withText("one", "");
    fixture.store().force(Heads.key(two.id()), HeadCodec.encode(head));
    FsException e = failure(FailureKind.INVALID, () -> catalog.require("one"));
    assertTrue(e.getMessage().contains(one.id().value()), e.getMessage());
    assertTrue(e.getMessage().contains(two.id().value()), e.getMessage());
  }

  @Test
  @Tag("promise-4")
  void publishesInOrderAndMovesLatest() throws FsException {
    Dataset icons = create("icons");
    ResolvedVersion first = catalog.publish(icons, Drafts.draft(A, "first"), Optional.empty());
    assertEquals(1, first.version().sequence());
    assertEquals(CatalogFixture.NOW, first.version().committed());
    assertEquals(icons.id() + ":aaaaaaa", first.reference());
    ResolvedVersion second = catalog.publish(icons, Drafts.draft(B, "second"), Optional.of("gold"));
    assertEquals(2, second.version().sequence());
    Dataset now = fixture.catalog().require("icons");
    assertEquals(List.of(B, A), now.head().versions().stream().map(v -> v.id()).toList());
    for (String selector : List.of("latest", "gold", "bbbbbbb")) {
      assertEquals(
          B, catalog.resolve(Reference.parse("icons:" + selector)).version().id(), selector);
    }
    failure(
        FailureKind.EXISTS,
        () -> catalog.publish(icons, Drafts.draft(A, "other"), Optional.empty()));
  }

  @Test
  void resolvesOnlyWhatIsThere() throws FsException {
    Dataset icons = create("icons");
    FsException none =
        failure(FailureKind.NOT_FOUND, () -> catalog.resolve(Reference.parse("icons:latest")));
    assertTrue(none.getMessage().contains("no committed version yet"), none.getMessage());
    catalog.publish(icons, Drafts.draft(A, "first"), Optional.empty());
    failure(FailureKind.NOT_FOUND, () -> catalog.resolve(Reference.parse("icons:zzzzzzz")));
    failure(FailureKind.NOT_FOUND, () -> catalog.resolve(Reference.parse("icons:silver")));
    failure(FailureKind.INVALID, () -> catalog.resolve(Reference.parse("icons")));
  }

  @Test
  @Tag("promise-5")
  void keepsTaggedVersionsAndLetsLatestFollow() throws FsException {
    Dataset icons = create("icons");
    catalog.publish(icons, Drafts.draft(A, "first"), Optional.empty());
    catalog.publish(icons, Drafts.draft(B, "second"), Optional.empty());
    catalog.setTag(icons, "gold", A);
    catalog.setTag(icons, "gold", B);
    catalog.setTag(icons, "best", B);
    FsException e = failure(FailureKind.BUSY, () -> catalog.deleteVersion(icons, B));
    assertTrue(e.getMessage().contains("best, gold"), e.getMessage());
    catalog.removeTag(icons, "gold");
    catalog.removeTag(icons, "best");
    failure(FailureKind.NOT_FOUND, () -> catalog.removeTag(icons, "best"));
    assertEquals(Optional.of(A), catalog.deleteVersion(icons, B).head().latest());
    failure(FailureKind.NOT_FOUND, () -> catalog.deleteVersion(icons, B));
    failure(FailureKind.NOT_FOUND, () -> catalog.setTag(icons, "gold", B));
    failure(FailureKind.INVALID, () -> catalog.setTag(icons, "latest", A));
    ResolvedVersion third = catalog.publish(icons, Drafts.draft(B, "third"), Optional.empty());
    assertEquals(3, third.version().sequence(), "numbers are not given twice");
  }

  @Test
  void changesMessages() throws FsException {
    Dataset icons = create("icons");
    catalog.publish(icons, Drafts.draft(A, "first"), Optional.empty());
    catalog.updateMessage(icons, A, "better");
    assertEquals("better", catalog.resolve(Reference.parse("icons:latest")).version().message());
    failure(FailureKind.NOT_FOUND, () -> catalog.updateMessage(icons, B, "none"));
  }

  /** A terabyte is thirty thousand packs, and each takes a round trip or more. */
  @Test
  void deletesManyObjectsAtOnce() throws Exception {
    Dataset icons = create("icons");

    for (int i = 0; i < 600; i++) {
      fixture.store().force(Heads.prefix(icons.id()) + "packs/aa/" + i, new byte[1]);
    }
    CountDownLatch together = new CountDownLatch(9); // that of the head is alone
    fixture
        .store()
        .beforeDeletion(
            () -> {
              together.countDown();
              if (fixture.store().keys().contains(Heads.key(icons.id()))) {
                return;
              }
              await(together);
            });
    catalog.delete(icons);
    assertEquals(List.of(RepositoryFormat.KEY), fixture.store().keys());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS), "one after the other");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Each of many failures may take as long as trouble is borne. */
  @Test
  void aDeletionThatFailsEndsSoon() throws Exception {
    Dataset icons = create("icons");
    for (int i = 0; i < 5000; i++) {
      fixture.store().force(Heads.prefix(icons.id()) + "packs/aa/" + i, new byte[1]);
    }
    AtomicInteger deletions = new AtomicInteger();
    fixture
        .store()
        .beforeDeletion(
            () -> {
              if (deletions.incrementAndGet() == 300) {
                fixture.store().outage(new FsException(FailureKind.UNAVAILABLE, "down"));
              }
            });
    failure(FailureKind.UNAVAILABLE, () -> catalog.delete(icons));
    assertTrue(deletions.get() < 1000, deletions + " were tried");
  }

  @Test
  void deletesTheHeadAndTheObjects() throws FsException {
    Dataset icons = create("icons");
    Dataset fonts = create("fonts");
    fixture.store().force(icons.prefix() + "packs/aa/aa", new byte[3]);
    catalog.delete(icons);
    assertEquals(List.of(Heads.key(fonts.id()), "dsfs.json"), fixture.store().keys());
    assertEquals(Optional.empty(), catalog.find(icons.id()));
    assertEquals(Optional.empty(), catalog.refresh(icons));
    failure(
        FailureKind.NOT_FOUND,
        () -> catalog.publish(icons, Drafts.draft(A, "late"), Optional.empty()));
  }

  @Test
  void sweepsWhatWasStoredForADatasetThatWasDeletedMeanwhile() throws FsException {
    Dataset icons = create("icons");
    FsException reason = new FsException(FailureKind.NOT_FOUND, "gone");
    String key = icons.prefix() + "packs/ab/late";
    fixture.store().force(key, new byte[1]);
    catalog.sweepIfDeleted(icons, reason);
    assertTrue(fixture.store().keys().contains(key), "it was not deleted");
    catalog.delete(icons);
    fixture.store().force(key, new byte[1]);
    catalog.sweepIfDeleted(icons, reason);
    assertFalse(fixture.store().keys().contains(key));
  }

  @Test
  void finishesAnInterruptedDeletion() throws FsException {
    Dataset icons = create("icons");
    fixture.store().force(icons.prefix() + "packs/aa/aa", new byte[3]);
    assertFalse(catalog.sweep(icons.id()), "a dataset with a head is not swept");
    fixture.store().delete(Heads.key(icons.id()));
    assertEquals(List.of(), catalog.list().datasets());
    assertTrue(catalog.sweep(icons.id()));
    assertEquals(List.of("dsfs.json"), fixture.store().keys());
  }

  @Test
  void anUnreachableProviderHidesOnlyItsOwn() throws FsException {
    Dataset icons = create("icons");
    StorageProvider far =
        catalog
            .providers()
            .add("far", StorageProvider.LOCAL, Map.of(StorageProvider.PATH, "/far"), s -> {});
    Dataset fonts = catalog.create("fonts", far, "");
    assertEquals(List.of(fonts, icons), catalog.list().datasets());
    fixture.store("/far").outage(new FsException(FailureKind.UNAVAILABLE, "/far is away"));
    Listing listing = catalog.list();
    assertEquals(List.of(icons), listing.datasets());
    assertEquals(1, listing.failures().size());
    assertEquals(icons, catalog.require("icons"));
    assertEquals(icons, catalog.require(icons.id().value()));
    failure(FailureKind.UNAVAILABLE, () -> catalog.require("fonts"));
    failure(FailureKind.UNAVAILABLE, () -> catalog.require(fonts.id().value()));
  }

  @Test
  void aDamagedHeadHidesOnlyItsOwn() throws FsException {
    Dataset icons = create("icons");
    Dataset fonts = create("fonts");
    fixture.store().force(Heads.key(fonts.id()), new byte[] {'{'});
    Listing listing = catalog.list();
    assertEquals(List.of(icons), listing.datasets());
    assertEquals(FailureKind.CORRUPT, listing.failures().get(0).kind());
    assertTrue(listing.failures().get(0).getMessage().contains(Heads.key(fonts.id())));
  }

  @Test
  void refusesANewerRepository() throws FsException {
    Dataset icons = create("icons");
    fixture.store().force("dsfs.json", Utf8.encode("{\"format\":2}"));
    Catalog other = fixture.catalog();
    assertEquals(FailureKind.NEWER_FORMAT, other.list().failures().get(0).kind());
    FsException e = failure(FailureKind.NEWER_FORMAT, () -> other.require(icons.id().value()));
    assertEquals(
        "memory/dsfs.json was written in storage format 2 by a newer release; this one knows formats up to"
            + " 1 (update dsfs)",
        e.getMessage());
  }

  @Test
  void whoLooksForDatasetsDoesNotWaitForAServerThatIsNotThere() throws FsException {
    Dataset icons = create("icons");
    ObjectStore patient =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("impatient")) {
                    return fixture.store();
                  }
                  throw new AssertionError(method + " would wait");
                });
    Providers providers =
        new Providers(
            new ConfigurationFile(home.resolve("config.yaml"), pause -> {}),
            home.resolve("local"),
            provider -> patient,
            new Random());
    Catalog looking = new Catalog(providers, new Random(), Clock.systemUTC(), pause -> {});
    assertEquals(List.of(icons), looking.list().datasets());
    assertEquals(Optional.of(icons), looking.find(icons.id()));
    KeptHeads kept = KeptHeads.in(home.resolve("heads"));
    assertEquals(List.of(icons), looking.watch(icons.provider(), kept, 1).read().datasets());
  }
}
