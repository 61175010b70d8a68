package io.datasetfs.store;

import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A flat space of objects, named by keys and written whole. What every implementation promises:
 *
 * <ul>
 *   <li>a write is acknowledged only when it survives the loss of power at the place where it is
 *       stored;
 *   <li>a reader sees an object whole or not at all;
 *   <li>{@link #putIfAbsent} and {@link #replaceIfMatch} decide atomically between all threads,
 *       processes and machines that share the store;
 *   <li>what was written is visible to every later read and listing.
 * </ul>
 *
 * <p>All methods may be called by several threads at once, block until done, and answer an
 * interrupt of the calling thread with {@link io.datasetfs.model.FailureKind#INTERRUPTED} where
 * they wait.
 *
 * <p>Keys are formed as {@link ObjectKey} says. A malformed key or prefix, and a negative offset or
 * length, is the caller's mistake ({@link IllegalArgumentException}); so is a key that is another
 * key's directory, as {@code a} is of {@code a/b}, which a store may refuse or mistake for taken.
 *
 * <p>A store that can't be reached answers UNAVAILABLE, never that an object does not exist.
 */
public interface ObjectStore extends AutoCloseable {
  /**
   * Fetches a range of an object.
   *
   * @param key the object
   * @param offset first byte
   * @param length number of bytes; the range must lie within the object
   * @return a buffer of exactly {@code length} bytes, backed by an array, owned by the caller
   * @throws FsException NOT_FOUND when there is no such object, CORRUPT when it is shorter than the
   *     range
   */
  ByteBuffer getRange(String key, long offset, int length) throws FsException;

  /**
   * The same, for who wants to know why it takes long.
   *
   * @param listener told of tries that are made again
   */
  default ByteBuffer getRange(String key, long offset, int length, TroubleListener listener)
      throws FsException {
    return getRange(key, offset, length);
  }

  /**
   * The same store for who would rather know soon that the server is not there than wait until it
   * may be back. Not to be closed.
   */
  default ObjectStore impatient() {
    return this;
  }

  /**
   * Fetches a whole object of moderate size (up to tens of MiB) with its entity tag.
   *
   * @return the object, or nothing when there is none
   */
  Optional<StoredObject> find(String key) throws FsException;

  /**
   * Describes an object without its content.
   *
   * @return size and entity tag, or nothing when there is no such object
   */
  Optional<ObjectStat> stat(String key) throws FsException;

  /**
   * Creates an object unless the key is taken.
   *
   * @param content its bytes, as consecutive pieces; their positions are not changed
   * @return the new object's entity tag, or nothing when the key was taken, whatever it holds; then
   *     what holds it is as safe as if it had been written by this call
   * @throws FsException STATE_UNKNOWN when the write may or may not have happened; NO_SPACE; others
   *     as they come
   */
  Optional<String> putIfAbsent(String key, List<ByteBuffer> content) throws FsException;

  /**
   * Replaces an object if it still is the one that the caller knows.
   *
   * @param entityTag what the caller knows, from {@link #find}, {@link #stat} or an earlier write
   * @param content its new bytes
   * @return the new entity tag, or nothing when the object is gone or another
   * @throws FsException STATE_UNKNOWN when the write may or may not have happened; NO_SPACE; others
   *     as they come
   */
  Optional<String> replaceIfMatch(String key, String entityTag, List<ByteBuffer> content)
      throws FsException;

  /**
   * Lists the objects whose key begins with {@code prefix}, in no particular order.
   *
   * @param prefix empty, or segments that end in {@code /}
   * @param visitor called once an object; what it throws ends the listing
   */
  void list(String prefix, ObjectVisitor visitor) throws FsException;

  /**
   * Lists the distinct segments that directly follow {@code prefix} in the keys of objects and are
   * followed by {@code /}: the "directories". Where there is no object there is none.
   *
   * @param prefix empty, or segments that end in {@code /}
   * @return the segments, sorted, without slashes
   */
  List<String> listSegments(String prefix) throws FsException;

  /**
   * Removes an object; does nothing when there is none.
   *
   * @return whether there was one, where the store can tell; {@code true} otherwise
   */
  boolean delete(String key) throws FsException;

  /**
   * Room for more data, in bytes, or nothing where the store is not bounded or cannot tell. Does
   * not block on a network.
   */
  Optional<StoreSpace> space();

  /** Where the store is, as users know it: a directory or a bucket's address. For messages. */
  String location();

  /** Ends the use of the store. No call may be under way, and none may be made afterwards. */
  @Override
  void close();
}
