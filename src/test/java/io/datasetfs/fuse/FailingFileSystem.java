package io.datasetfs.fuse;

import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.DirectorySink;
import io.datasetfs.fs.FileChanges;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.Inode;
import io.datasetfs.fs.NoChanges;
import io.datasetfs.fs.OpenDirectory;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.fs.OpenMode;
import io.datasetfs.fs.Requester;
import io.datasetfs.fs.SpaceUsage;
import io.datasetfs.staging.SeekMode;
import java.nio.ByteBuffer;
import java.util.List;

/** A file system in which nothing works, not even its top. */
final class FailingFileSystem implements FileSystem {
  private static IllegalStateException failure() {
    return new IllegalStateException("nothing works");
  }

  @Override
  public Inode root() {
    throw failure();
  }

  @Override
  public Inode lookup(Inode directory, String name) {
    throw failure();
  }

  @Override
  public Attributes getAttributes(Inode inode) {
    throw failure();
  }

  @Override
  public String readLink(Inode inode) {
    throw failure();
  }

  @Override
  public OpenFile open(Inode inode, OpenMode mode, Requester requester) {
    throw failure();
  }

  @Override
  public int read(OpenFile file, long offset, ByteBuffer target) {
    throw failure();
  }

  @Override
  public OpenDirectory openDirectory(Inode inode) {
    throw failure();
  }

  @Override
  public void readDirectory(OpenDirectory directory, long cookie, DirectorySink sink) {
    throw failure();
  }

  @Override
  public SpaceUsage space(Inode inode) {
    throw failure();
  }

  @Override
  public byte[] getExtendedAttribute(Inode inode, String name) {
    throw failure();
  }

  @Override
  public List<String> listExtendedAttributes(Inode inode) {
    throw failure();
  }

  @Override
  public long seek(OpenFile file, long offset, SeekMode mode) {
    throw failure();
  }

  @Override
  public FileChanges changes() {
    return new NoChanges();
  }
}
