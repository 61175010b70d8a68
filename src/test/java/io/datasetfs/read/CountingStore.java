package io.datasetfs.read;

import io.datasetfs.model.FsException;
import io.datasetfs.store.MemoryObjectStore;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.ObjectVisitor;
import io.datasetfs.store.StoreSpace;
import io.datasetfs.store.StoredObject;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Objects in memory; counts how often each range is fetched, and fails or lies as told. */
public final class CountingStore implements ObjectStore {
  /** Looks at a fetch before it is answered. */
  public interface Fault {
    /** Returns the answer, another one, or throws. */
    ByteBuffer answer(String key, ByteBuffer content) throws FsException;
  }

  private record Range(String key, long offset, int length) {}

  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final Map<String, Integer> fetches = new ConcurrentHashMap<>();
  private final Queue<Range> ranges = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private volatile Fault fault = (key, content) -> content;

  /** The objects. */
  public MemoryObjectStore memory() {
    return memory;
  }

  /** From now on every fetch goes through {@code newFault}. */
  public void fault(Fault newFault) {
    fault = newFault;
  }

  /** How often each {@code key@offset} was fetched. */
  public Map<String, Integer> fetches() {
    return fetches;
  }

  /** How often a range was fetched as a whole, alone or within a longer one. */
  public int fetchesOf(String key, long offset, int length) {
    return (int)
        ranges.stream()
            .filter(r -> r.key().equals(key))
            .filter(r -> r.offset() <= offset && offset + length <= r.offset() + r.length())
            .count();
  }

  /** Counts from now on. */
  public void forget() {
    fetches.clear();
    ranges.clear();
    bytes.set(0);
  }

  /** All fetches. */
  public int total() {
    return fetches.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The bytes of all fetches. */
  public long bytes() {
    return bytes.get();
  }

  @Override
  public ByteBuffer getRange(String key, long offset, int length) throws FsException {
    bytes.addAndGet(length);
    ranges.add(new Range(key, offset, length));
    fetches.merge(key + "@" + offset, 1, Integer::sum);
    return fault.answer(key, memory.getRange(key, offset, length));
  }

  @Override
  public Optional<StoredObject> find(String key) {
    return memory.find(key);
  }

  @Override
  public Optional<ObjectStat> stat(String key) {
    return memory.stat(key);
  }

  @Override
  public Optional<String> putIfAbsent(String key, List<ByteBuffer> content) {
    return memory.putIfAbsent(key, content);
  }

  @Override
  public Optional<String> replaceIfMatch(String key, String entityTag, List<ByteBuffer> content) {
    return memory.replaceIfMatch(key, entityTag, content);
  }

  @Override
  public void list(String prefix, ObjectVisitor visitor) throws FsException {
    memory.list(prefix, visitor);
  }

  @Override
  public List<String> listSegments(String prefix) throws FsException {
    return memory.listSegments(prefix);
  }

  @Override
  public boolean delete(String key) {
    return memory.delete(key);
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
