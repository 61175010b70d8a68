package io.datasetfs.fs;

import io.datasetfs.model.FsException;
import io.datasetfs.staging.SeekMode;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The file system as the kernel sees it, without any kernel: every version of every dataset below
 * one root. Operations are the kernel's own; names are single components, never paths. All methods
 * may be called by several threads at once. Failures carry the kind that POSIX names for them.
 */
public interface FileSystem {
  /** The top directory. */
  Inode root();

  /**
   * Finds a name in a directory. {@code .} and {@code ..} are the caller's to resolve.
   *
   * @throws FsException NOT_FOUND, NOT_DIRECTORY, NAME_TOO_LONG, ILLEGAL_NAME, or what reading the
   *     directory met
   */
  Inode lookup(Inode directory, String name) throws FsException;

  /** What {@code stat} tells. */
  Attributes getAttributes(Inode inode) throws FsException;

  /**
   * The target of a symbolic link.
   *
   * @throws FsException INVALID when it is none, NOT_FOUND when what it stood for is gone
   */
  String readLink(Inode inode) throws FsException;

  /**
   * Opens a regular file.
   *
   * @throws FsException READ_ONLY, IS_DIRECTORY, LOOP for a symbolic link, STALE when it is gone
   */
  OpenFile open(Inode inode, OpenMode mode, Requester requester) throws FsException;

  /**
   * Reads into {@code target} from its position, up to its limit or the end of the file, and
   * advances the position.
   *
   * @param file open
   * @param offset first byte wanted; at or behind the end nothing is read
   * @return the number of bytes read; less than asked for only at the end of the file
   */
  int read(OpenFile file, long offset, ByteBuffer target) throws FsException;

  /**
   * Where the next data, or the next hole, of a file is.
   *
   * @param offset where to begin to look
   * @throws FsException NO_DATA at or behind the end, and when no data comes before it
   */
  long seek(OpenFile file, long offset, SeekMode target) throws FsException;

  /**
   * Opens a directory for listing.
   *
   * @throws FsException NOT_DIRECTORY
   */
  OpenDirectory openDirectory(Inode inode) throws FsException;

  /**
   * Lists from {@code cookie} (0: the beginning) until the end or until the sink refuses. {@code .}
   * and {@code ..} are not among the entries.
   */
  void readDirectory(OpenDirectory directory, long cookie, DirectorySink sink) throws FsException;

  /** What {@code df} tells of where an inode is. Never waits for a storage provider. */
  SpaceUsage space(Inode inode);

  /**
   * An extended attribute's value.
   *
   * @throws FsException NO_ATTRIBUTE
   */
  byte[] getExtendedAttribute(Inode inode, String name) throws FsException;

  /** The names of an inode's extended attributes. */
  List<String> listExtendedAttributes(Inode inode) throws FsException;

  /** The operations that change something. */
  FileChanges changes();

  /**
   * Told when the kernel gets to know an inode: it may ask for it at any time until {@link #forget}
   * is called. Once for each inode, however often it is looked up.
   */
  default void remember(Inode inode) {}

  /** Told when the kernel does not know an inode any more. */
  default void forget(Inode inode) {}
}
