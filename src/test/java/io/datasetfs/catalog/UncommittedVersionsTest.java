package io.datasetfs.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Reference;
import io.datasetfs.model.VersionId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class UncommittedVersionsTest {
  private static final VersionId A = new VersionId("aaaaaaa");
  private static final VersionId B = new VersionId("bbbbbbb");
  private static final VersionId W = new VersionId("wwwwwww");
  private static final VersionId X = new VersionId("xxxxxxx");

  private @TempDir Path home;
  private Catalog catalog;
  private Dataset icons;

  @BeforeEach
  void createDataset() throws FsException {
    catalog = new CatalogFixture(home).catalog();
    icons = catalog.create("icons", catalog.providers().standard(), "");
  }

  private StagedReference stage(VersionId id, Optional<VersionId> base) throws FsException {
    return catalog.stage(icons, id, "wip", base, "gpu-7");
  }

  private Dataset now() throws FsException {
    return catalog.require("icons");
  }

  private static FsException failure(FailureKind kind, Executable action) {
    FsException e = assertThrows(FsException.class, action);
    assertEquals(kind, e.kind(), e.getMessage());
    return e;
  }

  @Test
  void areListedNewestFirstAndNamedByTheirIdsAlone() throws FsException {
    stage(W, Optional.empty());
    StagedReference staged = stage(X, Optional.empty());
    assertEquals(List.of(X, W), now().head().uncommitted().stream().map(v -> v.id()).toList());
    assertEquals(CatalogFixture.NOW, staged.version().created());
    assertEquals(staged, catalog.resolveAny(Reference.parse("icons:xxxxxxx")));
    assertEquals(Optional.empty(), now().head().latest());
    failure(FailureKind.NOT_FOUND, () -> catalog.resolveAny(Reference.parse("icons:latest")));
    FsException e =
        failure(FailureKind.UNSUPPORTED, () -> catalog.resolve(Reference.parse("icons:xxxxxxx")));
    assertEquals(
        icons.id()
            + ":xxxxxxx is not committed (commit it first with 'dsfs datasets versions commit')",
        e.getMessage());
    failure(FailureKind.UNSUPPORTED, () -> catalog.setTag(icons, "golden", X));
    failure(FailureKind.UNSUPPORTED, () -> catalog.deleteVersion(icons, X));
    assertEquals(Map.of(), now().head().tags());
  }

  @Test
  void haveIdsOfTheirOwn() throws FsException {
    catalog.publish(icons, Drafts.draft(A, "a"), Optional.empty());
    stage(X, Optional.empty());
    failure(FailureKind.EXISTS, () -> stage(X, Optional.empty()));
    failure(FailureKind.EXISTS, () -> stage(A, Optional.empty()));
    failure(
        FailureKind.EXISTS, () -> catalog.publish(icons, Drafts.draft(X, "x"), Optional.empty()));
  }

  @Test
  void becomeCommittedInOneStep() throws FsException {
    stage(X, Optional.empty());
    ResolvedVersion done = catalog.commit(icons, Drafts.draft(X, "done"), Optional.of("golden"));
    assertEquals(1, done.version().sequence());
    assertEquals(List.of(), now().head().uncommitted());
    for (String selector : List.of("xxxxxxx", "latest", "golden")) {
      assertEquals(done, catalog.resolve(Reference.parse("icons:" + selector)));
    }
    FsException e =
        failure(
            FailureKind.READ_ONLY,
            () -> catalog.commit(icons, Drafts.draft(X, "again"), Optional.empty()));
    assertTrue(e.getMessage().contains("has been committed meanwhile"), e.getMessage());
    failure(FailureKind.READ_ONLY, () -> catalog.unstage(icons, X));
  }

  @Test
  void areDeletedOnce() throws FsException {
    stage(X, Optional.empty());
    catalog.unstage(icons, X);
    assertEquals(icons.head().uncommitted(), now().head().uncommitted());
    failure(FailureKind.NOT_FOUND, () -> catalog.unstage(icons, X));
    failure(
        FailureKind.NOT_FOUND,
        () -> catalog.commit(icons, Drafts.draft(X, "late"), Optional.empty()));
  }

  @Test
  void keepWhatTheyStartedFrom() throws FsException {
    catalog.publish(icons, Drafts.draft(A, "a"), Optional.empty());
    failure(FailureKind.NOT_FOUND, () -> stage(X, Optional.of(B)));
    stage(X, Optional.of(A));
    failure(FailureKind.UNSUPPORTED, () -> stage(W, Optional.of(X)));
    FsException e = failure(FailureKind.BUSY, () -> catalog.deleteVersion(icons, A));
    assertEquals(
        "The version %1$s:aaaaaaa is what the uncommitted version %1$s:xxxxxxx on the node gpu-7"
                .formatted(icons.id())
            + " started from (commit or delete that first)",
        e.getMessage());
    catalog.unstage(icons, X);
    catalog.deleteVersion(icons, A);
  }

  @Test
  void takeMessagesAndStayThroughOtherChanges() throws FsException {
    stage(X, Optional.empty());
    catalog.updateMessage(icons, X, "better");
    catalog.publish(icons, Drafts.draft(A, "a"), Optional.of("golden"));
    catalog.update(icons, Optional.of("images"), Optional.empty());
    Dataset now = catalog.require("images");
    assertEquals("better", now.head().uncommitted().get(0).message());
    assertEquals(Optional.of(A), now.head().latest());
  }
}
