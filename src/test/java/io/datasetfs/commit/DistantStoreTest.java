package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.format.BlockCodec;
import io.datasetfs.format.PackBuilder;
import io.datasetfs.format.PackIndex;
import io.datasetfs.format.PackKind;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.store.Contents;
import io.datasetfs.store.FaultyObjectStore;
import io.datasetfs.store.FaultyObjectStore.Call;
import io.datasetfs.store.FaultyObjectStore.Moment;
import io.datasetfs.store.MemoryObjectStore;
import io.datasetfs.store.ObjectStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Imports into a store in which every request counts. */
@Timeout(300)
final class DistantStoreTest {
  @TempDir private Path temp;
  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private Path source;
  private Path indexes;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
    Files.write(source.resolve("large"), Contents.random(1, 70 << 20));
    Files.write(source.resolve("small"), Contents.random(2, 3000));
    indexes = temp.resolve("indexes");
  }

  private Imports imports() {
    return new Imports(
        store, StoreAccess.far(Optional.of(indexes)), Optional.empty(), Clock.systemUTC());
  }

  private long fetchesOfImport() throws FsException {
    long before = store.calls(Call.GET_RANGE);
    assertEquals(0, imports().of(source).storedBytes());
    return store.calls(Call.GET_RANGE) - before;
  }

  private List<Path> kept() throws IOException {
    try (var files = Files.walk(indexes)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void indexesAreFetchedOnceInOneRequestEach() throws Exception {
    imports().of(source);
    int packs = packs().size();
    assertEquals(4, packs);
    assertEquals(packs, fetchesOfImport());
    assertEquals(0, fetchesOfImport());
    assertEquals(packs, kept().size());
    assertEquals("[rw-------]", permissions(kept()));

    // What is damaged, cut or exchanged is fetched again.
    byte[] damaged = Files.readAllBytes(kept().get(0));
    damaged[damaged.length / 2] ^= 1;
    Files.write(kept().get(0), damaged);
    Files.write(kept().get(1), new byte[3]);
    assertEquals(2, fetchesOfImport());
    assertEquals(0, fetchesOfImport());

    // A pack that is gone is forgotten.
    memory.delete(packs().get(0));
    imports().of(source);
    long replaced = fetchesOfImport();
    assertTrue(replaced == 1 || replaced == 2, () -> replaced + " packs in its place");
    assertEquals(0, fetchesOfImport());
    assertEquals(packs().size(), kept().size());
  }

  private static String permissions(List<Path> files) throws IOException {
    List<String> all = new ArrayList<>();
    for (Path file : files) {
      all.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
    return all.stream().distinct().toList().toString();
  }

  private List<String> packs() throws FsException {
    List<String> packs = new ArrayList<>();
    memory.list("datasets/", object -> packs.add(object.key()));
    packs.sort(null);
    return packs;
  }

  @Test
  void indexesThatCannotBeKeptAreFetched() throws Exception {
    Files.writeString(indexes, "in the way");
    imports().of(source);
    assertEquals(packs().size(), fetchesOfImport());
    assertEquals(packs().size(), fetchesOfImport());
  }

  @Test
  @Tag("promise-2")
  void afterAFailedUploadOnlyTheRestIsSent() throws Exception {
    store.failNth(Call.PUT_IF_ABSENT, 3, Moment.BEFORE, FailureKind.UNAVAILABLE);
    FsException failure = assertThrows(FsException.class, () -> imports().of(source));
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    Imports.assertNoThreadsLeft();
    store.heal();
    long there = 0;
    for (String pack : packs()) {
      there += memory.stat(pack).orElseThrow().size();
    }
    assertTrue(there > 60 << 20, "two packs of 32 MiB: " + there);
    ImportResult rest = imports().ofAndCompare(source);
    assertTrue(rest.storedBytes() < (71 << 20) - there + (1 << 20), () -> "" + rest.storedBytes());
  }

  @Test
  @Tag("promise-2")
  void aPackWhoseAnswersAreLostAgainAndAgainIsFoundOut() throws Exception {
    for (int nth = 1; nth <= 3; nth++) {
      store.failNth(Call.PUT_IF_ABSENT, nth, Moment.BEFORE, FailureKind.STATE_UNKNOWN);
    }
    store.failNth(Call.PUT_IF_ABSENT, 4, Moment.AFTER, FailureKind.STATE_UNKNOWN);
    imports().ofAndCompare(source);
    store.failAll(Call.PUT_IF_ABSENT, Moment.BEFORE, FailureKind.STATE_UNKNOWN);
    Files.write(source.resolve("other"), Contents.random(3, 5000));
    FsException failure = assertThrows(FsException.class, () -> imports().of(source));
    assertTrue(failure.getMessage().contains("import again"), failure.getMessage());
  }

  @Test
  void sixPacksAreSentAtOnce() throws Exception {
    CountDownLatch under = new CountDownLatch(6);
    CountDownLatch answer = new CountDownLatch(1);
    ObjectStore slow =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  under.countDown();
                  answer.await();
                  return method.invoke(memory, arguments);
                });
    int uploads = StoreAccess.far(Optional.empty()).uploads();
    try (PackUploader uploader = new PackUploader(slow, Imports.DATASET, uploads)) {
      for (int i = 0; i < 6; i++) {
        uploader.uploadData(pack(i));
      }
      assertTrue(under.await(60, TimeUnit.SECONDS));
      assertEquals(0, uploader.storedBytes());
      answer.countDown();
      uploader.confirmAll();
      assertTrue(uploader.storedBytes() > 6000);
    } finally {
      answer.countDown();
    }
  }

  private static PackBuilder pack(int seed) {
    PackBuilder pack = new PackBuilder(PackId.random(new SecureRandom()), PackKind.DATA);
    byte[] raw = Contents.random(seed, 1000);
    Digest digest = Digest.compute(raw);
    BlockCodec.EncodedBlock block = new BlockCodec.EncodedBlock(Codec.RAW, ByteBuffer.wrap(raw));
    pack.append(block, raw.length, digest, List.of(new PackIndex.Chunk(digest, raw.length)));
    return pack;
  }
}
