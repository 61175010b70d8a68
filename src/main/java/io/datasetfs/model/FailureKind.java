package io.datasetfs.model;

/**
 * What went wrong, independent of where it is reported. The FUSE transports turn a kind into an
 * errno, the command line turns it into a message and an exit status; each does so in one
 * exhaustive switch.
 */
public enum FailureKind {
  /** The named thing does not exist. */
  NOT_FOUND,
  /** The named thing exists already. */
  EXISTS,
  /** An argument is malformed or out of range. */
  INVALID,
  /** A directory was needed. */
  NOT_DIRECTORY,
  /** Something other than a directory was needed. */
  IS_DIRECTORY,
  /** A directory that has to be empty is not. */
  NOT_EMPTY,
  /** The operation is not for this kind of thing, whoever asks. */
  NOT_PERMITTED,
  /** A rename or link from one version into another. */
  CROSS_DEVICE,
  /** A file, or an attribute, larger than there can be one. */
  TOO_LARGE,
  /** A file has as many names as there can be. */
  TOO_MANY_LINKS,
  /** An open file that takes no such operation. */
  BAD_DESCRIPTOR,
  /** A search for bytes at or behind the end of them. */
  NO_DATA,
  /** A symbolic link chain is too long or loops. */
  LOOP,
  /** What was found under a name earlier is gone by now. */
  STALE,
  /** A write to something that takes none. */
  READ_ONLY,
  /** A file name that is not valid UTF-8. */
  ILLEGAL_NAME,
  /** A file name of more than 255 bytes, or a path of more than 4095. */
  NAME_TOO_LONG,
  /** The operating system or the storage provider denies access. */
  ACCESS_DENIED,
  /** The extended attribute does not exist. */
  NO_ATTRIBUTE,
  /** The caller's buffer is too small for the answer. */
  BUFFER_TOO_SMALL,
  /** Stored bytes do not match their digest or their format. */
  CORRUPT,
  /** The stored data was written by a newer release in a format that this one does not know. */
  NEWER_FORMAT,
  /** The storage provider did not answer, or not in time. */
  UNAVAILABLE,
  /** Somebody else changed the thing first. */
  CONFLICT,
  /** A write was sent and its outcome could not be found out. */
  STATE_UNKNOWN,
  /** No space left where the data should go. */
  NO_SPACE,
  /** This process, or the system, has as many files open as it may have. */
  TOO_MANY_OPEN,
  /** The thing is in use. */
  BUSY,
  /** A source file changed while it was read. */
  SOURCE_CHANGED,
  /** A file of a kind that cannot be stored: a socket, a device, a fifo. */
  SPECIAL_FILE,
  /** The operation does not exist here. */
  UNSUPPORTED,
  /** The operation was interrupted by the caller. */
  INTERRUPTED,
  /** Any other input or output error. */
  IO
}
