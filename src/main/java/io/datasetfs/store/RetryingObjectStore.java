package io.datasetfs.store;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one place where calls of a store are made again after trouble that passes (UNAVAILABLE).
 *
 * <p>A conditional write is made again only as long as the store says that it has not happened: in
 * doubt (STATE_UNKNOWN) a repetition could meet the first attempt, and the caller, who knows what
 * was written, looks instead.
 */
public final class RetryingObjectStore implements ObjectStore {
  private final ObjectStore inner;
  private final Retries retries;

  /**
   * @param inner makes one attempt a call; closed with this
   * @param retries how often and for how long
   */
  public RetryingObjectStore(ObjectStore inner, Retries retries) {
    this.inner = inner;
    this.retries = retries;
  }

  @Override
  public ByteBuffer getRange(String key, long offset, int length) throws FsException {
    return retries.run(() -> inner.getRange(key, offset, length));
  }

  /**
   * Goes on after trouble behind the last part that came. What came shows that the trouble before
   * it has passed: the time that is borne begins anew.
   */
  @Override
  public void getParts(String key, long offset, List<Integer> lengths, PartSink sink)
      throws FsException {
    Parts parts = new Parts(offset, lengths, sink);
    while (!parts.left.isEmpty() && parts.refusal == null) {
      int left = parts.left.size();
      try {
        retries.run(() -> goOn(key, parts), sink::met);
      } catch (FsException e) {
        if (e.kind() != FailureKind.UNAVAILABLE || parts.left.size() == left) {
          throw e;
        }
        sink.met(e);
      }
    }
    if (parts.refusal instanceof FsException refusal) {
      throw refusal;
    } else if (parts.refusal instanceof RuntimeException refusal) {
      throw refusal;
    }
  }

  private Void goOn(String key, Parts parts) throws FsException {
    try {
      if (!parts.left.isEmpty() && parts.refusal == null) {
        inner.getParts(key, parts.offset, parts.left, parts);
      }
    } catch (FsException | RuntimeException e) {
      if (parts.refusal == null) {
        throw e;
      }
    }
    return null;
  }

  /** What is still to come. */
  private static final class Parts implements PartSink {
    private final PartSink sink;
    private long offset;
    private List<Integer> left;

    /** What the sink threw, which is not the store's trouble. */
    private Exception refusal;

    Parts(long offset, List<Integer> lengths, PartSink sink) {
      this.offset = offset;
      this.left = lengths;
      this.sink = sink;
    }

    @Override
    public void take(ByteBuffer part) throws FsException {
      try {
        sink.take(part);
      } catch (FsException | RuntimeException e) {
        refusal = e;
        throw e;
      }
      offset += left.get(0);
      left = left.subList(1, left.size());
    }
  }

  @Override
  public ObjectStore impatient() {
    return new RetryingObjectStore(inner, retries.impatient());
  }

  @Override
  public Optional<StoredObject> find(String key) throws FsException {
    return retries.run(() -> inner.find(key));
  }

  @Override
  public Optional<ObjectStat> stat(String key) throws FsException {
    return retries.run(() -> inner.stat(key));
  }

  @Override
  public Optional<String> putIfAbsent(String key, List<ByteBuffer> content) throws FsException {
    return retries.run(() -> inner.putIfAbsent(key, content));
  }

  @Override
  public Optional<String> replaceIfMatch(String key, String entityTag, List<ByteBuffer> content)
      throws FsException {
    return retries.run(() -> inner.replaceIfMatch(key, entityTag, content));
  }

  /** Begins anew after trouble, and leaves out what the visitor has seen. */
  @Override
  public void list(String prefix, ObjectVisitor visitor) throws FsException {
    Set<String> seen = new HashSet<>();
    Optional<FsException> ended =
        retries.run(
            () -> {
              Visit visit = new Visit(visitor, seen);
              try {
                inner.list(prefix, visit);
              } catch (FsException e) {
                if (visit.ended == null) {
                  throw e;
                }
              }
              return Optional.ofNullable(visit.ended);
            });
    if (ended.isPresent()) {
      throw ended.get();
    }
  }

  /** Keeps apart what the visitor throws, which is not the store's trouble. */
  private static final class Visit implements ObjectVisitor {
    private final ObjectVisitor visitor;
    private final Set<String> seen;
    private FsException ended;

    Visit(ObjectVisitor visitor, Set<String> seen) {
      this.visitor = visitor;
      this.seen = seen;
    }

    @Override
    public void visit(ObjectStat object) throws FsException {
      if (seen.add(object.key())) {
        try {
          visitor.visit(object);
        } catch (FsException e) {
          ended = e;
          throw e;
        }
      }
    }
  }

  @Override
  public List<String> listSegments(String prefix) throws FsException {
    return retries.run(() -> inner.listSegments(prefix));
  }

  @Override
  public boolean delete(String key) throws FsException {
    return retries.run(() -> inner.delete(key));
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
