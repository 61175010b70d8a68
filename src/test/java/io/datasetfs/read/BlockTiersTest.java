package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;
import io.datasetfs.store.HeldStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory, then the disk, then the store. */
@Timeout(60)
class BlockTiersTest {
  private final ReadFixture fixture = new ReadFixture(1, 1000);
  private final HeldStore held = new HeldStore(fixture.store);
  private final Disk disk = new Disk();
  private final byte[] content = ReadFixture.bytes(1, 5000);
  private BlockSource blocks;
  private BlockRef ref;

  /** Remembers what was asked of it. */
  private static final class Disk implements BlockTier {
    private final Map<BlockRef, byte[]> kept = new ConcurrentHashMap<>();
    private final Set<BlockRef> verified = ConcurrentHashMap.newKeySet();
    private volatile boolean unknown;
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    @Override
    public boolean holds(BlockRef ref) {
      return kept.containsKey(ref) && !unknown;
    }

    @Override
    public byte[] find(BlockRef ref) {
      byte[] found = kept.get(ref);
      if (found != null) {
        asked.add("find");
        verified.add(ref);
      }
      return found;
    }

    @Override
    public boolean read(BlockRef ref, int offset, int length, ByteBuffer target) {
      if (!verified.contains(ref) || !kept.containsKey(ref)) {
        return false;
      }
      asked.add("read " + length);
      target.put(kept.get(ref), offset, length);
      return true;
    }

    @Override
    public void offer(BlockRef ref, byte[] raw) {
      verified.add(ref);
      kept.put(ref, raw);
    }
  }

  @BeforeEach
  void store() throws FsException {
    ref = fixture.builder.storeBlock(content);
    fixture.builder.flush();
    blocks = newProcess();
  }

  private BlockSource newProcess() {
    disk.verified.clear();
    return new BlockSource(
        ReadCaches.withDefaults().blocks(),
        disk,
        fixture.fetcher,
        held.store(),
        ReadFixture.DATASET);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private byte[] read(int offset, int length) throws FsException {
    ByteBuffer target = ByteBuffer.allocateDirect(length);
    blocks.read(ref, offset, length, target);
    byte[] bytes = new byte[length];
    target.flip().get(bytes);
    return bytes;
  }

  private byte[] part(int offset, int length) {
    return Arrays.copyOfRange(content, offset, offset + length);
  }

  @Test
  void whatIsFetchedGoesToMemoryAndToTheDisk() throws FsException {
    assertArrayEquals(part(100, 50), read(100, 50));
    assertArrayEquals(content, disk.kept.get(ref));
    assertArrayEquals(content, blocks.load(ref));
    assertEquals(1, held.total());
    assertEquals(List.of(), disk.asked, "it is in memory");
  }

  @Test
  void aVerifiedBlockIsReadFromTheDiskInParts() throws FsException {
    blocks.load(ref);
    blocks.release(ref);
    assertArrayEquals(part(4000, 1000), read(4000, 1000));
    assertEquals(List.of("read 1000"), disk.asked);
    assertEquals(1, held.total());
  }

  @Test
  void whatIsOnTheDiskFromBeforeIsVerifiedAsAWholeFirst() throws FsException {
    blocks.load(ref);
    blocks = newProcess();
    assertArrayEquals(part(7, 70), read(7, 70));
    assertArrayEquals(content, blocks.load(ref));
    assertEquals(List.of("find"), disk.asked);
    assertEquals(1, held.total());
  }

  @Test
  void whatAnotherProcessHasPutOnTheDiskIsFoundThere() throws FsException {
    disk.kept.put(ref, content);
    disk.unknown = true;
    assertArrayEquals(content, blocks.load(ref));
    assertEquals(0, held.total());
  }

  @Test
  void whatTheDiskLosesIsFetchedAgain() throws FsException {
    blocks.load(ref);
    blocks.release(ref);
    disk.kept.clear();
    assertArrayEquals(part(0, 5000), read(0, 5000));
    assertEquals(2, held.total());
  }

  @Test
  void aheadVerifiesWhatIsOnTheDiskAndFetchesWhatIsNot() throws Exception {
    Interest interest = new Interest();
    blocks.load(ref);
    blocks = newProcess();
    blocks.ahead(List.of(ref), interest);
    fixture.awaitReadahead();
    assertEquals(List.of("find"), disk.asked);
    assertEquals(1, held.total());
    disk.kept.clear();
    blocks = newProcess();
    blocks.ahead(List.of(ref), interest);
    fixture.awaitReadahead();
    assertEquals(2, held.total());
    assertArrayEquals(content, blocks.load(ref));
    assertEquals(2, held.total());
  }

  @Test
  void whatIsOnTheDiskIsReadWhileTheStoreHangs() throws Exception {
    blocks.load(ref);
    BlockRef far = fixture.builder.storeBlock(ReadFixture.bytes(2, 3000));
    fixture.builder.flush();
    held.hold();
    FutureTask<byte[]> waiting = new FutureTask<>(() -> blocks.load(far));
    new Thread(waiting).start();
    HeldStore.Call call = held.next();
    blocks.release(ref);
    assertArrayEquals(part(1, 4999), read(1, 4999));
    blocks = newProcess();
    assertArrayEquals(content, blocks.load(ref));
    assertTrue(!waiting.isDone());
    call.go();
    assertArrayEquals(ReadFixture.bytes(2, 3000), waiting.get());
  }
}
