package io.datasetfs.staging;

import static io.datasetfs.staging.Areas.ROOT;
import static io.datasetfs.staging.Areas.at;
import static io.datasetfs.staging.Areas.bytes;
import static io.datasetfs.staging.Areas.list;
import static io.datasetfs.staging.Areas.read;
import static io.datasetfs.staging.Areas.readBytes;
import static io.datasetfs.staging.Areas.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An uncommitted version over a committed one. */
class OverBaseTest {
  private static final byte[] LARGE = BaseFixture.random(1, 1_000_000);

  @TempDir private Path temp;
  private BaseFixture base;
  private StagedVersion version;

  @BeforeEach
  void create() throws FsException {
    base =
        new BaseFixture(
            new Model.Directory()
                .with("large", Model.File.of(LARGE))
                .with("small", Model.File.inline("small".getBytes(StandardCharsets.UTF_8)))
                .with(
                    "dir",
                    new Model.Directory()
                        .with("one", Model.File.of(BaseFixture.random(2, 5000)))
                        .with("link", new Model.Link(Model.TIME, "one"))
                        .with("sub", new Model.Directory().with("two", Model.File.of(LARGE))))
                .with("other", new Model.Directory().with("three", Model.File.of(LARGE))));
    version = base.create(temp);
  }

  @AfterEach
  void close() throws FsException {
    version.close();
    base.close();
  }

  private void reopen() throws FsException {
    version.close();
    version = base.open(temp);
  }

  private List<String> contentFiles() throws IOException {
    Path content =
        temp.resolve("staging")
            .resolve(Areas.DATASET.value())
            .resolve(Areas.VERSION.value())
            .resolve("content");
    try (Stream<Path> all = Files.walk(content)) {
      return all.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }

  @Test
  void nothingIsCopiedUntilItIsWritten() throws Exception {
    assertArrayEquals(LARGE, readBytes(version, at(version, "large")));
    version.setAttributes(at(version, "large"), AttributeChange.NONE.withMode(0600));
    assertEquals(List.of(), contentFiles());

    try (StagedFile file = version.open(at(version, "large"), OpenMode.WRITE)) {
      file.append(bytes("more"));
      file.write(500_001, bytes("x"));
    }

    Path content = Path.of(contentFiles().get(0));
    assertEquals(LARGE.length + 4, Files.size(content));
    try (NativeFile file = NativeFile.open(content, NativeFile.READ)) {
      assertTrue(file.stat().blocks() <= 2 * 8, "pages on the disk: " + file.stat().blocks());
    }
    byte[] expected = Arrays.copyOf(LARGE, LARGE.length + 4);
    System.arraycopy("more".getBytes(StandardCharsets.UTF_8), 0, expected, LARGE.length, 4);
    expected[500_001] = 'x';
    assertArrayEquals(expected, readBytes(version, at(version, "large")));
    reopen();
    assertArrayEquals(expected, readBytes(version, at(version, "large")));
  }

  @Test
  void whatWasCutOffNeverComesBack() throws FsException {
    StagedInode large = at(version, "large");
    version.setAttributes(large, AttributeChange.NONE.withSize(10_001));
    version.setAttributes(large, AttributeChange.NONE.withSize(30_000));
    byte[] expected = Arrays.copyOf(Arrays.copyOf(LARGE, 10_001), 30_000);
    assertArrayEquals(expected, readBytes(version, large));
    try (StagedFile file = version.open(large, OpenMode.WRITE)) {
      file.write(11_000, bytes("y"));
    }
    expected[11_000] = 'y';
    reopen();
    assertArrayEquals(expected, readBytes(version, at(version, "large")));
  }

  /** More pages than an int counts; ext4 takes files of up to 16 TiB. */
  @Test
  void aFileCanGrowFarBeyondItsBase() throws FsException {
    long far = 9L << 40;
    try (StagedFile file = version.open(at(version, "large"), OpenMode.WRITE)) {
      file.write(far, bytes("far"));
      file.write(5000, bytes("near"));
      ByteBuffer seen = ByteBuffer.allocate(20);
      assertEquals(13, file.read(far - 10, seen));
      assertArrayEquals(
          "\0".repeat(10).concat("far").getBytes(StandardCharsets.UTF_8),
          Arrays.copyOf(seen.array(), 13));
      assertEquals(far, file.seek(SeekMode.DATA, 8L << 40));
      assertEquals(8L << 40, file.seek(SeekMode.HOLE, 8L << 40));
      assertEquals(0, file.read(far + 3, ByteBuffer.allocate(1)));
      file.allocate(AllocateMode.PUNCH_HOLE, far - 4096, 4096);
    }
    version.seal(Duration.ZERO);
    Visited visited = new Visited();
    version.walk(visited);
    assertTrue(
        visited.lines.contains("file large 9895604649987 [4096+4096, 9895604649984+3]"),
        visited.lines.toString());
  }

  @Test
  void aRenamedDirectoryTakesAllWithItAndKeepsNumbers() throws FsException {
    long number = at(version, "dir/sub/two").number();
    StagedInode sub = at(version, "dir/sub");
    version.rename(version.root(), "dir", at(version, "other"), "moved", RenameMode.REPLACE);
    assertEquals(number, at(version, "other/moved/sub/two").number());
    assertEquals(Set.of("large", "small", "other"), list(version, version.root()).keySet());
    assertEquals(Set.of("two"), list(version, sub).keySet());
    assertEquals(at(version, "other/moved"), version.parent(sub));
    assertEquals(3, version.attributes(version.root()).links());
    StagedVersionTest.assertFails(
        FailureKind.INVALID,
        () -> version.rename(at(version, "other"), "moved", sub, "x", RenameMode.REPLACE));

    version.makeDirectory(version.root(), "dir", 0755, ROOT);
    write(version, at(version, "dir"), "one", "new");
    reopen();
    assertEquals("new", read(version, at(version, "dir/one")));
    assertEquals(5000, version.attributes(at(version, "other/moved/one")).size());
    assertEquals(number, at(version, "other/moved/sub/two").number());
  }

  @Test
  void whatWasRemovedIsGone() throws FsException {
    StagedInode one = at(version, "dir/one");
    StagedInode sub = at(version, "dir/sub");
    StagedVersionTest.assertFails(
        FailureKind.NOT_EMPTY, () -> version.removeDirectory(at(version, "dir"), "sub"));
    version.unlink(sub, "two");
    version.removeDirectory(at(version, "dir"), "sub");
    try (StagedFile file = version.open(one, OpenMode.READ)) {
      version.unlink(at(version, "dir"), "one");
      assertEquals(0, version.attributes(one).links());
      assertEquals(5000, readBytes(file, 5000).length);
    }
    for (StagedInode gone : List.of(one, sub)) {
      StagedVersionTest.assertFails(FailureKind.NOT_FOUND, () -> version.attributes(gone));
    }
    StagedVersionTest.assertFails(
        FailureKind.NOT_FOUND, () -> version.makeDirectory(sub, "x", 0755, ROOT));
    reopen();
    assertEquals(Set.of("link"), list(version, at(version, "dir")).keySet());
    assertEquals(1, version.attributes(at(version, "dir")).links() - 1);
    version.unlink(at(version, "dir"), "link");
    version.removeDirectory(version.root(), "dir");
    write(version, version.root(), "dir", "now a file");
    assertEquals("now a file", read(version, at(version, "dir")));
  }

  @Test
  void afterTheMachineWentDownOnlySyncedPagesCount() throws Exception {
    try (StagedFile file = version.open(at(version, "large"), OpenMode.WRITE)) {
      file.write(4096, bytes("synced"));
      file.sync(true);
      file.write(8192, bytes("not synced"));
    }
    version.close();
    Path boot = Files.writeString(temp.resolve("boot"), "another");
    version = base.openBooted(temp, boot);
    byte[] seen = readBytes(version, at(version, "large"));
    byte[] expected = LARGE.clone();
    System.arraycopy("synced".getBytes(StandardCharsets.UTF_8), 0, expected, 4096, 6);
    assertArrayEquals(expected, seen);
  }

  @Test
  void theWalkTellsWhatChanged() throws FsException {
    try (StagedFile file = version.open(at(version, "large"), OpenMode.WRITE)) {
      file.write(4096, bytes("x"));
      file.write(999_999, bytes("yz"));
    }
    version.rename(version.root(), "other", version.root(), "renamed", RenameMode.REPLACE);
    version.setAttributes(at(version, "dir/one"), AttributeChange.NONE.withMode(0711));
    try (StagedFile file = version.create(version.root(), "new", 0644, ROOT, OpenMode.WRITE)) {
      file.write(40_960, bytes("data"));
    }
    version.unlink(version.root(), "small");
    version.makeNode(version.root(), "fifo", InodeKind.FIFO, 0600, 0, ROOT);
    version.seal(Duration.ZERO);

    Visited visited = new Visited();
    version.walk(visited);

    assertEquals(
        List.of(
            "begin  755",
            "begin dir 755",
            "committed dir/link",
            "committed dir/one 711",
            "committed dir/sub 755",
            "end",
            "special fifo FIFO",
            "file large 1000001 [4096+4096, 999424+577]",
            "file new 40964 [40960+4]",
            "committed renamed 755",
            "end"),
        visited.lines);
  }

  /** What killed puts left; nothing else that only looks like it. */
  @Test
  void whatWasNotFinishedIsNotCommitted() throws FsException {
    StagedInode root = version.root();
    write(version, root, ".dsfs-0123456789abcdef.tmp", "half");
    version.makeSymlink(root, ".dsfs-0123456789abcde0.tmp", "target", ROOT);
    version.makeDirectory(root, ".dsfs-0123456789abcde1.tmp", 0700, ROOT);
    write(version, root, ".dsfs-0123456789abcdef.tmp2", "whole");
    version.rename(root, "small", root, ".dsfs-0123456789abcde2.tmp", RenameMode.REPLACE);
    version.seal(Duration.ZERO);
    Visited visited = new Visited();
    version.walk(visited);
    assertEquals(
        List.of(
            "begin  755",
            "begin .dsfs-0123456789abcde1.tmp 700",
            "end",
            "committed .dsfs-0123456789abcde2.tmp 600",
            "file .dsfs-0123456789abcdef.tmp2 5 [0+5]",
            "committed dir 755",
            "committed large 644",
            "committed other 755",
            "end"),
        visited.lines);
  }

  @Test
  void anUntouchedVersionIsCommittedAsItIs() throws FsException {
    version.seal(Duration.ZERO);
    Visited visited = new Visited();
    version.walk(visited);
    assertEquals(List.of("committed  755"), visited.lines);
    assertSame(base.root.summary(), ((TreeEntry.Directory) visited.last).summary());
  }

  /** What a walk visited. */
  private static final class Visited implements StagedVisitor {
    final List<String> lines = new ArrayList<>();
    TreeEntry last;

    @Override
    public void committed(StagedPath path, TreeEntry entry) {
      assertEquals(entry.name(), path.name());
      String mode = entry instanceof TreeEntry.Symlink ? "" : " %o".formatted(entry.mode());
      lines.add("committed " + path + mode);
      last = entry;
    }

    @Override
    public void beginDirectory(StagedPath path, StagedAttributes attributes) {
      lines.add("begin %s %o".formatted(path, attributes.mode()));
    }

    @Override
    public void endDirectory() {
      lines.add("end");
    }

    @Override
    public void file(StagedPath path, StagedAttributes attributes, StagedContent content)
        throws FsException {
      List<String> ranges =
          content.changed().stream().map(r -> r.offset() + "+" + r.length()).toList();
      lines.add("file %s %d %s".formatted(path, content.size(), ranges));
      ByteBuffer end = ByteBuffer.allocate((int) Math.min(1 << 20, content.size()));
      assertEquals(end.limit(), content.read(content.size() - end.limit(), end));
      content.close();
    }

    @Override
    public void symlink(StagedPath path, StagedAttributes attributes, String target) {
      lines.add("link " + path);
    }

    @Override
    public void special(StagedPath path, InodeKind kind) {
      lines.add("special %s %s".formatted(path, kind));
    }
  }
}
