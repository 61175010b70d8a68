package io.datasetfs.fs;

/** What an inode is. */
public enum FileType {
  /** A regular file. */
  REGULAR,
  /** A directory. */
  DIRECTORY,
  /** A symbolic link. */
  SYMLINK,
  /** A named pipe. */
  FIFO,
  /** A socket. */
  SOCKET,
  /** A character device. */
  CHARACTER_DEVICE,
  /** A block device. */
  BLOCK_DEVICE
}
