package io.datasetfs.catalog;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.ObjectVisitor;
import io.datasetfs.store.StoreSpace;
import io.datasetfs.store.StoredObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Objects in memory, with answers that get lost on demand. Guarded by itself. */
public final class TestStore implements ObjectStore {
  /** What happens to a conditional write. */
  public enum Fate {
    /** It is carried out, its answer is lost. */
    DONE_BUT_LOST,
    /** It is not carried out, and nobody can tell. */
    NOT_DONE_AND_LOST,
    /** It is carried out, repeated by the transport, and the repetition's refusal is told. */
    DONE_BUT_REFUSED
  }

  private final TreeMap<String, StoredObject> objects = new TreeMap<>();
  private final Deque<Fate> fates = new ArrayDeque<>();
  private final AtomicLong tags = new AtomicLong();
  private FsException outage;
  private int outageAfterWrites = -1;
  private Runnable afterLoss = () -> {};
  private volatile Runnable beforeDeletion = () -> {};

  /** The next conditional writes meet these fates. */
  public synchronized void doom(Fate... next) {
    fates.addAll(List.of(next));
  }

  /** Runs once, after the next lost write. */
  synchronized void afterLoss(Runnable action) {
    afterLoss = action;
  }

  /** From now on, or once it is {@code null} no longer, everything fails. */
  public synchronized void outage(FsException failure) {
    outage = failure;
  }

  /** Everything fails from the given number of conditional writes on. */
  synchronized void outageAfterWrites(int writes) {
    outageAfterWrites = writes;
  }

  private void requireReachable() throws FsException {
    if (outage != null) {
      throw outage;
    }
  }

  @Override
  public synchronized ByteBuffer getRange(String key, long offset, int length) throws FsException {
    requireReachable();
    return ByteBuffer.wrap(objects.get(key).content(), (int) offset, length);
  }

  @Override
  public synchronized Optional<StoredObject> find(String key) throws FsException {
    requireReachable();
    return Optional.ofNullable(objects.get(key));
  }

  @Override
  public synchronized Optional<ObjectStat> stat(String key) throws FsException {
    return find(key).map(o -> new ObjectStat(key, o.content().length, o.entityTag()));
  }

  @Override
  public Optional<String> putIfAbsent(String key, List<ByteBuffer> content) throws FsException {
    return write(key, Optional.empty(), content);
  }

  @Override
  public Optional<String> replaceIfMatch(String key, String entityTag, List<ByteBuffer> content)
      throws FsException {
    return write(key, Optional.of(entityTag), content);
  }

  private Optional<String> write(String key, Optional<String> expected, List<ByteBuffer> content)
      throws FsException {
    Runnable action = () -> {};
    Optional<String> answer;
    Fate fate;
    synchronized (this) {
      requireReachable();
      fate = fates.poll();
      Optional<String> actual = Optional.ofNullable(objects.get(key)).map(StoredObject::entityTag);
      answer = Optional.empty();
      if (fate != Fate.NOT_DONE_AND_LOST && actual.equals(expected)) {
        answer = Optional.of("tag" + tags.incrementAndGet());
        objects.put(key, new StoredObject(bytes(content), answer.get()));
      }
      if (fate != null) {
        action = afterLoss;
        afterLoss = () -> {};
      }
      if (--outageAfterWrites == 0) {
        outage = new FsException(FailureKind.UNAVAILABLE, "the network is down");
      }
    }
    action.run();
    if (fate == null) {
      return answer;
    }
    if (fate == Fate.DONE_BUT_REFUSED) {
      return Optional.empty();
    }
    throw new FsException(FailureKind.STATE_UNKNOWN, "the answer was lost");
  }

  private static byte[] bytes(List<ByteBuffer> content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ByteBuffer piece : content) {
      byte[] bytes = new byte[piece.remaining()];
      piece.duplicate().get(bytes);
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  @Override
  public synchronized void list(String prefix, ObjectVisitor visitor) throws FsException {
    requireReachable();
    for (String key : List.copyOf(objects.keySet())) {
      if (key.startsWith(prefix)) {
        visitor.visit(new ObjectStat(key, objects.get(key).content().length, ""));
      }
    }
  }

  @Override
  public synchronized List<String> listSegments(String prefix) throws FsException {
    requireReachable();
    return objects.keySet().stream()
        .filter(k -> k.startsWith(prefix) && k.indexOf('/', prefix.length()) > 0)
        .map(k -> k.substring(prefix.length(), k.indexOf('/', prefix.length())))
        .distinct()
        .toList();
  }

  /** Runs before each deletion. */
  void beforeDeletion(Runnable action) {
    beforeDeletion = action;
  }

  @Override
  public boolean delete(String key) throws FsException {
    beforeDeletion.run();
    synchronized (this) {
      requireReachable();
      return objects.remove(key) != null;
    }
  }

  /** The keys that are there. */
  public synchronized List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  /** Puts an object there, whatever there was. */
  public synchronized void force(String key, byte[] content) {
    objects.put(key, new StoredObject(content, "tag" + tags.incrementAndGet()));
  }

  @Override
  public Optional<StoreSpace> space() {
    return Optional.empty();
  }

  @Override
  public String location() {
    return "memory";
  }

  @Override
  public void close() {}
}
