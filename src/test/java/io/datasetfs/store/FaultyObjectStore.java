package io.datasetfs.store;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store whose calls fail as a test asks: before they do anything, or after they did it, as when
 * an answer is lost.
 */
public final class FaultyObjectStore implements ObjectStore {
  /** The kinds of calls that can fail. */
  public enum Call {
    GET_RANGE,
    FIND,
    STAT,
    PUT_IF_ABSENT,
    REPLACE_IF_MATCH,
    LIST,
    LIST_SEGMENTS,
    DELETE
  }

  /** When a call fails. */
  public enum Moment {
    /** It has no effect. */
    BEFORE,
    /** It has its effect, and its answer is lost. */
    AFTER
  }

  private record Fault(Call call, long first, long last, Moment moment, FailureKind kind) {}

  @FunctionalInterface
  private interface Body<T> {
    T run() throws FsException;
  }

  private final ObjectStore inner;
  private final Map<Call, Long> counts = new EnumMap<>(Call.class);
  private final List<Fault> faults = new ArrayList<>();

  /** A store that works as {@code inner} until it is told to fail. */
  public FaultyObjectStore(ObjectStore inner) {
    this.inner = inner;
  }

  /** Makes the {@code nth} such call from now on fail, 1 being the next. */
  public synchronized void failNth(Call call, long nth, Moment moment, FailureKind kind) {
    long number = calls(call) + nth;
    faults.add(new Fault(call, number, number, moment, kind));
  }

  /** Makes all such calls fail from now on. */
  public synchronized void failAll(Call call, Moment moment, FailureKind kind) {
    faults.add(new Fault(call, calls(call) + 1, Long.MAX_VALUE, moment, kind));
  }

  /** Ends all faults. */
  public synchronized void heal() {
    faults.clear();
  }

  /** How many such calls there have been, the failed ones too. */
  public synchronized long calls(Call call) {
    return counts.getOrDefault(call, 0L);
  }

  private synchronized Optional<Fault> begin(Call call) {
    long number = counts.merge(call, 1L, Long::sum);
    for (Iterator<Fault> i = faults.iterator(); i.hasNext(); ) {
      Fault fault = i.next();
      if (fault.call() == call && fault.first() <= number && number <= fault.last()) {
        if (number == fault.last()) {
          i.remove();
        }
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  private <T> T run(Call call, String key, Body<T> body) throws FsException {
    Optional<Fault> fault = begin(call);
    FsException failure =
        fault
            .map(f -> new FsException(f.kind(), "injected: " + call + " of '" + key + "' fails"))
            .orElse(null);
    if (failure != null && fault.get().moment() == Moment.BEFORE) {
      throw failure;
    }
    T result = body.run();
    if (failure != null) {
      throw failure;
    }
    return result;
  }

  @Override
  public ByteBuffer getRange(String key, long offset, int length) throws FsException {
    return run(Call.GET_RANGE, key, () -> inner.getRange(key, offset, length));
  }

  @Override
  public Optional<StoredObject> find(String key) throws FsException {
    return run(Call.FIND, key, () -> inner.find(key));
  }

  @Override
  public Optional<ObjectStat> stat(String key) throws FsException {
    return run(Call.STAT, key, () -> inner.stat(key));
  }

  @Override
  public Optional<String> putIfAbsent(String key, List<ByteBuffer> content) throws FsException {
    return run(Call.PUT_IF_ABSENT, key, () -> inner.putIfAbsent(key, content));
  }

  @Override
  public Optional<String> replaceIfMatch(String key, String entityTag, List<ByteBuffer> content)
      throws FsException {
    return run(Call.REPLACE_IF_MATCH, key, () -> inner.replaceIfMatch(key, entityTag, content));
  }

  @Override
  public void list(String prefix, ObjectVisitor visitor) throws FsException {
    run(
        Call.LIST,
        prefix,
        () -> {
          inner.list(prefix, visitor);
          return null;
        });
  }

  @Override
  public List<String> listSegments(String prefix) throws FsException {
    return run(Call.LIST_SEGMENTS, prefix, () -> inner.listSegments(prefix));
  }

  @Override
  public boolean delete(String key) throws FsException {
    return run(Call.DELETE, key, () -> inner.delete(key));
  }

  @Override
  public Optional<StoreSpace> space() {
    return inner.space();
  }

  @Override
  public String location() {
    return inner.location();
  }

  @Override
  public void close() {
    inner.close();
  }
}
