package io.datasetfs.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datasetfs.catalog.Repository;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.FileReader;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.TreeVisitor;
import io.datasetfs.read.VersionVerifier;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.local.LocalObjectStore;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What was once stored stays readable. */
final class GoldenRepositoryTest {
  private static final String HEAD = "datasets/" + GoldenRepository.DATASET + "/dataset.json";

  static Path golden() {
    try {
      return Path.of(GoldenRepositoryTest.class.getResource("/golden/v1/manifest.json").toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static Map<String, Map<String, String>> manifest() throws IOException {
    return new ObjectMapper()
        .readValue(golden().resolve("manifest.json").toFile(), new TypeReference<>() {});
  }

  private static DatasetHead head(LocalObjectStore store) throws FsException {
    return HeadCodec.decode(store.find(HEAD).orElseThrow().content(), HEAD);
  }

  @Test
  void everyVersionIsWhatItWas() throws IOException {
    Map<String, Map<String, String>> manifest = manifest();
    try (LocalObjectStore store = LocalObjectStore.open(golden().resolve("repository"));
        Fetcher fetcher = new Fetcher()) {
      assertEquals(1, Repository.find(store).orElseThrow().format());
      DatasetReader reader =
          new DatasetReader(
              store, GoldenRepository.DATASET, fetcher, ReadCaches.bounded(1 << 24, 1 << 24));
      assertEquals(3, head(store).versions().size());
      for (VersionRecord version : head(store).versions()) {
        Map<String, String> lines = new TreeMap<>();
        lines.put("", GoldenRepository.describe(version.tree()));
        reader
            .tree(version.tree())
            .walk(
                new TreeVisitor() {
                  @Override
                  public void visit(String path, TreeEntry entry) throws FsException {
                    lines.put(path, GoldenRepository.describe(entry));
                    if (entry instanceof TreeEntry.File file) {
                      assertEquals(file.digest(), Digest.compute(content(reader, file)), path);
                    }
                  }
                });
        assertEquals(manifest.get(version.id().value()), lines);
        var report =
            new VersionVerifier(store, GoldenRepository.DATASET, true).verify(version.tree());
        assertTrue(report.isClean(), report::toString);
      }
    }
  }

  private static byte[] content(DatasetReader reader, TreeEntry.File file) throws FsException {
    ByteBuffer content = ByteBuffer.allocate((int) file.size());
    try (FileReader open = reader.open(file)) {
      while (content.hasRemaining()) {
        assertTrue(open.read(content.position(), content) > 0);
      }
    }
    return content.array();
  }

  @Test
  void theHeadIsWhatItWas() throws IOException {
    try (LocalObjectStore store = LocalObjectStore.open(golden().resolve("repository"))) {
      DatasetHead head = head(store);
      assertEquals("golden 木", head.name());
      assertEquals("of format 1", head.description());
      assertEquals(9, head.sequence());
      assertEquals(
          List.of(GoldenRepository.EMPTY, GoldenRepository.SECOND, GoldenRepository.FIRST),
          head.versions().stream().map(VersionRecord::id).toList());
      assertEquals(Map.of("golden", GoldenRepository.FIRST), head.tags());
      VersionRecord first = head.find(new VersionId("fo5rp4m")).orElseThrow();
      assertEquals("as \"shipped\"\n", first.message());
    }
  }

  /** Format 2 differs from format 1 in the head alone: it may list uncommitted versions. */
  @Test
  void theHeadOfFormatTwoIsWhatItWas() throws IOException {
    byte[] stored = Files.readAllBytes(golden().resolveSibling("v2").resolve("dataset.json"));
    DatasetHead head = HeadCodec.decode(stored, "dataset.json");
    assertEquals(
        List.of(
            new UncommittedVersion(
                new VersionId("aaaaaa2"),
                "on \"top\"\n",
                Instant.parse("2026-11-23T06:00:00.000000001Z"),
                Optional.of(GoldenRepository.FIRST),
                "gpu-7 木"),
            new UncommittedVersion(
                new VersionId("aaaaaa1"),
                "",
                Instant.parse("2026-11-23T05:00:00Z"),
                Optional.empty(),
                "gpu-8")),
        head.uncommitted());
    assertEquals(3, head.versions().size());
    assertArrayEquals(stored, HeadCodec.encode(head));
  }

  /** Else it proves less than it seems to. */
  @Test
  void thereIsOneOfEverything() throws IOException {
    Set<PageKind> kinds = EnumSet.noneOf(PageKind.class);
    Set<String> codecs = new java.util.TreeSet<>();
    try (LocalObjectStore store = LocalObjectStore.open(golden().resolve("repository"))) {
      store.list(
          PackLayout.prefix(GoldenRepository.DATASET),
          object -> {
            byte[] pack = store.find(object.key()).orElseThrow().content();
            PackIndex index = PackLayout.readIndex(PageStore.PACK, ByteBuffer.wrap(pack));
            for (PackIndex.Block block : index.blocks()) {
              codecs.add(index.kind() + " " + block.ref().codec());
              if (block.chunks().size() > 1) {
                codecs.add("several chunks");
              }
              if (index.kind() == PackKind.TREE) {
                int from = (int) block.ref().offset();
                byte[] stored =
                    java.util.Arrays.copyOfRange(pack, from, from + block.ref().storedLength());
                byte[] page = BlockCodec.decode(block.ref(), ByteBuffer.wrap(stored));
                kinds.add(new Page(page).kind());
              }
            }
          });
    }
    assertEquals(EnumSet.allOf(PageKind.class), kinds);
    assertEquals(
        Set.of("DATA RAW", "DATA ZSTD", "TREE ZSTD", "TREE RAW", "several chunks"), codecs);
  }
}
