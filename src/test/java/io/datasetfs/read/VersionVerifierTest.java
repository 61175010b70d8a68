package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.read.fetch.BlockFailures;
import java.util.List;
import java.util.Set;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VersionVerifierTest {
  private static final Logger LOG = Logger.getLogger(BlockFailures.class.getName());

  private final ReadFixture fixture = new ReadFixture(6, 2000);
  private TreeEntry.Directory root;

  @BeforeEach
  void storeVersion() throws FsException {
    LOG.setUseParentHandlers(false);
    Model.Directory same =
        new Model.Directory().with("f", Model.File.of(ReadFixture.bytes(3, 900)));
    root =
        fixture.builder.store(
            new Model.Directory()
                .with("big", Model.File.of(ReadFixture.bytes(1, 900_000)).hole(100_000))
                .with("dir", same)
                .with("small", Model.File.inline(ReadFixture.bytes(2, 50))));
  }

  @AfterEach
  void close() {
    LOG.setUseParentHandlers(true);
    fixture.close();
  }

  private VerificationReport verify() throws FsException {
    return new VersionVerifier(fixture.store, ReadFixture.DATASET, true).verify(root);
  }

  @Test
  void aWholeVersionIsCleanAndEachBlockIsFetchedOnce() throws FsException {
    VerificationReport report =
        new VersionVerifier(fixture.store, ReadFixture.DATASET, false).verify(root);
    assertTrue(report.isClean(), report.toString());
    assertEquals(4, report.entries());
    assertTrue(report.bytes() >= 900_900, report.toString());
    fixture
        .store
        .fetches()
        .forEach(
            (range, count) -> assertTrue(count == 1 || range.endsWith("@0"), range + ": " + count));
  }

  @Test
  void aRandomVersionIsCleanWithAllItsDigests() throws FsException {
    root =
        fixture.builder.store(
            new Model.Directory()
                .with("a", Model.File.of(ReadFixture.bytes(8, 300_000)).hole(5000))
                .with("b", new Model.Directory()));
    assertTrue(verify().isClean(), verify().toString());
  }

  @Test
  void aDamagedBlockIsReportedWithItsObjectAndItsFile() throws FsException {
    BlockRef block = blockOf("dir/f");
    String key = PackLayout.key(ReadFixture.DATASET, block.pack());
    fixture.store.memory().flipBit(key, (int) block.offset());
    VerificationReport report = verify();
    assertEquals(Set.of(key), report.damagedObjects().keySet());
    assertEquals(Set.of("dir/f"), report.damagedPaths());
  }

  @Test
  void aMissingPackIsReportedWithAllFilesInIt() throws FsException {
    String key = PackLayout.key(ReadFixture.DATASET, blockOf("dir/f").pack());
    fixture.store.delete(key);
    VerificationReport report = verify();
    assertEquals(Set.of(key), report.damagedObjects().keySet());
    assertEquals(Set.of("big", "dir/f"), report.damagedPaths());
  }

  @Test
  void aDamagedPageIsReportedWithItsDirectoryAndTheRestIsStillVerified() throws FsException {
    BlockRef page = ((TreeEntry.Directory) fixture.reader.tree(root).require("dir")).page();
    String key = PackLayout.key(ReadFixture.DATASET, page.pack());
    fixture.store.memory().flipBit(key, (int) page.offset());
    VerificationReport report = verify();
    assertEquals(Set.of(key), report.damagedObjects().keySet());
    assertEquals(Set.of("dir/"), report.damagedPaths());
    assertEquals(3, report.entries());
  }

  @Test
  void aDamagedIndexIsReported() throws FsException {
    String key = PackLayout.key(ReadFixture.DATASET, blockOf("dir/f").pack());
    int size = fixture.store.find(key).orElseThrow().content().length;
    fixture.store.memory().flipBit(key, size - PackLayout.TRAILER_BYTES - 5);
    assertEquals(Set.of(key), verify().damagedObjects().keySet());
  }

  @Test
  void aSummaryThatIsNotItsDirectorysIsReported() throws FsException {
    TreeSummary s = root.summary();
    TreeSummary wrong =
        new TreeSummary(s.entries(), s.directories(), s.files(), s.bytes() + 1, s.content());
    root = new TreeEntry.Directory("", root.mode(), root.mtime(), wrong, root.page());
    assertEquals(Set.of("/"), verify().damagedPaths());
  }

  @Test
  void aFileWithAnotherDigestIsReported() throws FsException {
    // Right blocks in a wrong order: only the file's own digest can tell.
    TreeEntry.File file = (TreeEntry.File) fixture.reader.tree(root).require("dir/f");
    TreeEntry.File wrong =
        new TreeEntry.File(
            "w", 0, Model.TIME, file.size(), Digest.compute(new byte[0]), file.content());
    VersionVerifier verifier = new VersionVerifier(fixture.store, ReadFixture.DATASET, true);
    root = fixture.builder.storeDirectory("", List.of(wrong));
    fixture.builder.flush();
    assertEquals(Set.of("w"), verifier.verify(root).damagedPaths());
    assertTrue(
        new VersionVerifier(fixture.store, ReadFixture.DATASET, false).verify(root).isClean());
  }

  @Test
  void aStoreThatDoesNotAnswerIsNoDamage() {
    fixture.store.fault(
        (key, content) -> {
          throw new FsException(FailureKind.UNAVAILABLE, "down");
        });
    FsException e = assertThrows(FsException.class, this::verify);
    assertEquals(FailureKind.UNAVAILABLE, e.kind());
  }

  private BlockRef blockOf(String path) throws FsException {
    TreeEntry.File file = (TreeEntry.File) fixture.reader().tree(root).require(path);
    Extent first = ((FileContent.Extents) file.content()).extents().get(0);
    return ((Extent.Stored) first).block();
  }
}
