package io.datasetfs.cli.files;

import io.datasetfs.cli.VersionReader.ContentSink;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.TemporaryName;
import io.datasetfs.model.Utf8;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.Creator;
import io.datasetfs.staging.OpenMode;
import io.datasetfs.staging.RenameMode;
import io.datasetfs.staging.StagedAttributes;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedInode;
import io.datasetfs.staging.StagedVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The tree of an uncommitted version that this process has to itself. */
final class StagedTree extends WritableTree {
  private static final int STEP = 1 << 20;
  private static final int FIRST_MODE = 0600;
  private static final int NEW_DIRECTORY_MODE = 0755;

  private final StagedVersion version;
  private final Creator user;
  private final RandomGenerator random;

  /**
   * @param version closed with this
   * @param user whom new files belong to
   * @param random draws temporary names
   */
  StagedTree(String reference, StagedVersion version, Creator user, RandomGenerator random) {
    super(reference);
    this.version = version;
    this.user = user;
    this.random = random;
  }

  private static StagedInode inode(FileEntry entry) {
    return (StagedInode) entry.origin();
  }

  /** Gives a failure the name of the thing that it is about. */
  private FsException named(String name, FsException failure) {
    return failure.kind() == FailureKind.INTERRUPTED
        ? failure
        : new FsException(
            failure.kind(),
            "'%s' in %s: %s".formatted(Names.printable(name), reference(), failure.getMessage()),
            failure);
  }

  @Override
  FileEntry root() throws FsException {
    return entry("", version.root());
  }

  private FileEntry entry(String name, StagedInode inode) throws FsException {
    StagedAttributes attributes = version.attributes(inode);
    FileEntry.Kind kind =
        switch (inode.kind()) {
          case FILE -> FileEntry.Kind.FILE;
          case DIRECTORY -> FileEntry.Kind.DIRECTORY;
          case SYMLINK -> FileEntry.Kind.SYMLINK;
          default -> FileEntry.Kind.SPECIAL;
        };
    return new FileEntry(
        name,
        kind,
        attributes.mode(),
        attributes.mtime(),
        attributes.size(),
        kind == FileEntry.Kind.SYMLINK ? Optional.of(version.readLink(inode)) : Optional.empty(),
        Optional.empty(),
        inode);
  }

  @Override
  Optional<FileEntry> find(FileEntry directory, String name) throws FsException {
    try {
      return Optional.of(entry(name, version.lookup(inode(directory), name)));
    } catch (FsException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        return Optional.empty();
      }
      throw named(name, e);
    }
  }

  private record Named(String name, StagedInode inode) {}

  @Override
  void list(FileEntry directory, Visitor visitor) throws FsException {
    List<Named> all = new ArrayList<>();
    version.list(
        inode(directory),
        0,
        (name, inode, cookie) -> {
          all.add(new Named(name, inode));
          return true;
        });
    all.sort(Comparator.comparing(entry -> Utf8.encode(entry.name()), Utf8::compare));
    for (Named one : all) {
      visitor.visit(entry(one.name(), one.inode()));
    }
  }

  @Override
  void copy(FileEntry file, ContentSink sink) throws IOException {
    try (StagedFile open = version.open(inode(file), OpenMode.READ)) {
      long unused = Copying.copy(new Reading(open), sink, STEP);
    }
  }

  @Override
  FileEntry directory(FileEntry parent, String name) throws FsException {
    Optional<FileEntry> there = find(parent, name);
    try {
      if (there.isPresent() && there.get().isDirectory()) {
        sweep(inode(there.get()));
        return there.get();
      }
      if (there.isPresent()) {
        version.unlink(inode(parent), name);
      }
      return entry(name, version.makeDirectory(inode(parent), name, NEW_DIRECTORY_MODE, user));
    } catch (FsException e) {
      throw named(name, e);
    }
  }

  private String temporary() {
    return TemporaryName.draw(random);
  }

  /** Nobody else has the version: whatever is temporary is left over. */
  private void sweep(StagedInode directory) throws FsException {
    List<String> left = new ArrayList<>();
    version.list(
        directory,
        0,
        (name, inode, cookie) -> {
          if (TemporaryName.is(name) && WritableTree.mayBeTemporary(entry(name, inode))) {
            left.add(name);
          }
          return true;
        });
    for (String name : left) {
      version.unlink(directory, name);
    }
  }

  @Override
  Path place() {
    return version.directory();
  }

  @Override
  void sweep(FileEntry directory) throws FsException {
    try {
      sweep(inode(directory));
    } catch (FsException e) {
      throw named(directory.name(), e);
    }
  }

  @Override
  NewFile file(FileEntry parent, String name) throws FsException {
    String temporary = temporary();
    try {
      return new StagedNewFile(
          inode(parent),
          name,
          temporary,
          version.create(inode(parent), temporary, FIRST_MODE, user, OpenMode.WRITE));
    } catch (FsException e) {
      throw named(name, e);
    }
  }

  @Override
  void link(FileEntry parent, String name, String target, Instant mtime) throws FsException {
    String temporary = temporary();
    try {
      StagedInode link = version.makeSymlink(inode(parent), temporary, target, user);
      try {
        version.setAttributes(link, AttributeChange.NONE.withMtime(mtime));
        rename(inode(parent), temporary, name);
      } catch (FsException e) {
        version.unlink(inode(parent), temporary);
        throw e;
      }
    } catch (FsException e) {
      throw named(name, e);
    }
  }

  private void rename(StagedInode parent, String temporary, String name) throws FsException {
    version.rename(parent, temporary, parent, name, RenameMode.REPLACE);
  }

  @Override
  void attributes(FileEntry directory, int mode, Instant mtime) throws FsException {
    version.setAttributes(inode(directory), AttributeChange.NONE.withMode(mode).withMtime(mtime));
  }

  @Override
  void remove(FileEntry parent, FileEntry entry) throws FsException {
    try {
      if (entry.isDirectory()) {
        version.removeDirectory(inode(parent), entry.name());
      } else {
        version.unlink(inode(parent), entry.name());
      }
    } catch (FsException e) {
      throw named(entry.name(), e);
    }
  }

  @Override
  public void close() throws FsException {
    version.close();
  }

  /** Reads an open file from its beginning. */
  private static final class Reading implements ReadableByteChannel {
    private final StagedFile file;
    private long position;

    Reading(StagedFile file) {
      this.file = file;
    }

    @Override
    public int read(ByteBuffer target) throws FsException {
      int count = file.read(position, target);
      position += count;
      return count == 0 ? -1 : count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private final class StagedNewFile implements NewFile {
    private final StagedInode parent;
    private final String name;
    private final String temporary;
    private final StagedFile file;
    private long position;
    private boolean finished;

    StagedNewFile(StagedInode parent, String name, String temporary, StagedFile file) {
      this.parent = parent;
      this.name = name;
      this.temporary = temporary;
      this.file = file;
    }

    @Override
    public void data(ByteBuffer bytes) throws FsException {
      while (bytes.hasRemaining()) {
        try {
          position += file.write(position, bytes);
        } catch (FsException e) {
          throw named(name, e);
        }
      }
    }

    @Override
    public void hole(long length) {
      position += length;
    }

    @Override
    public void finish(long size, int mode, Instant mtime) throws FsException {
      try {
        file.truncate(size);
        file.close();
        version.setAttributes(file.inode(), AttributeChange.NONE.withMode(mode).withMtime(mtime));
        rename(parent, temporary, name);
        finished = true;
      } catch (FsException e) {
        throw named(name, e);
      }
    }

    @Override
    public void close() throws FsException {
      file.close();
      if (!finished) {
        version.unlink(parent, temporary);
      }
    }
  }
}
