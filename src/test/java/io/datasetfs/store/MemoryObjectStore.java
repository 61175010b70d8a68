package io.datasetfs.store;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Objects in memory, for tests. Entity tags are numbers, so that nobody takes them for digests. */
public final class MemoryObjectStore implements ObjectStore {
  private final ConcurrentSkipListMap<String, StoredObject> objects = new ConcurrentSkipListMap<>();
  private final AtomicLong tags = new AtomicLong();

  @Override
  public ByteBuffer getRange(String key, long offset, int length) throws FsException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("no range: " + length + " bytes from " + offset);
    }
    StoredObject object = objects.get(ObjectKey.requireValid(key));
    if (object == null) {
      throw new FsException(FailureKind.NOT_FOUND, key + ": not found");
    }
    if (object.content().length - offset < length) {
      throw new FsException(FailureKind.CORRUPT, key + ": is too short");
    }
    byte[] range = new byte[length];
    System.arraycopy(object.content(), (int) offset, range, 0, length);
    return ByteBuffer.wrap(range);
  }

  @Override
  public Optional<StoredObject> find(String key) {
    return Optional.ofNullable(objects.get(ObjectKey.requireValid(key)))
        .map(object -> new StoredObject(object.content().clone(), object.entityTag()));
  }

  @Override
  public Optional<ObjectStat> stat(String key) {
    return find(key).map(o -> new ObjectStat(key, o.content().length, o.entityTag()));
  }

  @Override
  public Optional<String> putIfAbsent(String key, List<ByteBuffer> content) {
    StoredObject object = newObject(content);
    StoredObject before = objects.putIfAbsent(ObjectKey.requireValid(key), object);
    return before == null ? Optional.of(object.entityTag()) : Optional.empty();
  }

  @Override
  public Optional<String> replaceIfMatch(String key, String entityTag, List<ByteBuffer> content) {
    StoredObject object = newObject(content);
    StoredObject after =
        objects.computeIfPresent(
            ObjectKey.requireValid(key),
            (k, before) -> before.entityTag().equals(entityTag) ? object : before);
    return after != null && after.entityTag().equals(object.entityTag())
        ? Optional.of(object.entityTag())
        : Optional.empty();
  }

  @Override
  public void list(String prefix, ObjectVisitor visitor) throws FsException {
    ObjectKey.requireValidPrefix(prefix);
    for (var entry : objects.tailMap(prefix).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        return;
      }
      visitor.visit(new ObjectStat(entry.getKey(), entry.getValue().content().length, ""));
    }
  }

  @Override
  public List<String> listSegments(String prefix) throws FsException {
    Set<String> segments = new TreeSet<>();
    list(
        prefix,
        object -> {
          int slash = object.key().indexOf('/', prefix.length());
          if (slash >= 0) {
            segments.add(object.key().substring(prefix.length(), slash));
          }
        });
    return List.copyOf(segments);
  }

  @Override
  public boolean delete(String key) {
    return objects.remove(ObjectKey.requireValid(key)) != null;
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

  /** Puts an object's content in place whatever is there, as damage or another program would. */
  public void overwrite(String key, byte[] content) {
    objects.put(ObjectKey.requireValid(key), newObject(List.of(ByteBuffer.wrap(content))));
  }

  /** Flips the lowest bit of one byte of an object. */
  public void flipBit(String key, int offset) {
    byte[] content = find(key).orElseThrow().content();
    content[offset] ^= 1;
    overwrite(key, content);
  }

  /** The keys of all objects, sorted. */
  public List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  private StoredObject newObject(List<ByteBuffer> pieces) {
    ByteBuffer content = ByteBuffer.allocate(pieces.stream().mapToInt(ByteBuffer::remaining).sum());
    pieces.forEach(piece -> content.put(piece.duplicate()));
    return new StoredObject(content.array(), "tag-" + tags.incrementAndGet());
  }
}
