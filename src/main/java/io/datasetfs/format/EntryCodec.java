package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.model.Utf8;
import java.time.DateTimeException;
import java.time.Instant;

/** One entry of a directory page. {@code FORMAT.md} has the layout. */
final class EntryCodec {
  private static final int FILE_EXTENTS = 1;
  private static final int FILE_INLINE = 2;
  private static final int FILE_PAGED = 3;
  private static final int SYMLINK = 4;
  private static final int DIRECTORY = 5;

  private static final int MAX_NAME = 255;
  private static final int MAX_TARGET = 4095;
  private static final int MAX_MODE = 07777;

  private EntryCodec() {}

  static void encode(TreeEntry entry, PageBuilder page) {
    EncodedOutput out = page.items();
    out.putString(Utf8.encode(entry.name()));
    out.putByte(typeOf(entry));
    out.putVarint(entry.mode());
    Instant mtime = entry.mtime();
    out.putSignedVarint(mtime.getEpochSecond());
    out.putVarint(mtime.getNano());
    if (entry instanceof TreeEntry.File file) {
      encodeContent(file, page);
    } else if (entry instanceof TreeEntry.Symlink link) {
      out.putString(Utf8.encode(link.target()));
    } else if (entry instanceof TreeEntry.Directory directory) {
      TreeSummary summary = directory.summary();
      out.putVarint(summary.entries());
      out.putVarint(summary.directories());
      out.putVarint(summary.files());
      out.putVarint(summary.bytes());
      out.putDigest(summary.content());
      out.putVarint(directory.page() == null ? 0 : page.indexOf(directory.page()) + 1L);
    }
    page.endItem();
  }

  private static int typeOf(TreeEntry entry) {
    if (entry instanceof TreeEntry.Symlink) {
      return SYMLINK;
    }
    if (entry instanceof TreeEntry.File file) {
      if (file.content() instanceof FileContent.Inline) {
        return FILE_INLINE;
      }
      return file.content() instanceof FileContent.Paged ? FILE_PAGED : FILE_EXTENTS;
    }
    return DIRECTORY;
  }

  private static void encodeContent(TreeEntry.File file, PageBuilder page) {
    EncodedOutput out = page.items();
    if (file.content() instanceof FileContent.Inline inline) {
      out.putString(inline.bytes());
      return;
    }
    out.putVarint(file.size());
    out.putDigest(file.digest());
    if (file.content() instanceof FileContent.Paged paged) {
      out.putVarint(page.indexOf(paged.page()));
    } else if (file.content() instanceof FileContent.Extents list) {
      out.putVarint(list.extents().size());
      list.extents().forEach(extent -> ExtentCodec.encode(extent, page));
    }
  }

  /** The name of an item, as bytes. */
  static byte[] name(EncodedInput in) throws FsException {
    byte[] name = in.getString();
    if (name.length == 0 || name.length > MAX_NAME) {
      throw EncodedInput.corrupt("a name of " + name.length + " bytes");
    }
    for (byte b : name) {
      if (b == '/' || b == 0) {
        throw EncodedInput.corrupt("a name that holds '/' or NUL");
      }
    }
    if (name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'))) {
      throw EncodedInput.corrupt("an entry named '.' or '..'");
    }
    return name;
  }

  /** The target of a symbolic link, as bytes. */
  private static byte[] target(EncodedInput in) throws FsException {
    byte[] target = in.getString();
    if (target.length == 0 || target.length > MAX_TARGET) {
      throw EncodedInput.corrupt("the target of a symbolic link has " + target.length + " bytes");
    }
    for (byte b : target) {
      if (b == 0) {
        throw EncodedInput.corrupt("the target of a symbolic link holds NUL");
      }
    }
    return target;
  }

  /** Text that was checked when it was stored: if it is wrong now, it is damaged. */
  private static String text(byte[] utf8) throws FsException {
    try {
      return Utf8.decode(utf8);
    } catch (FsException e) {
      throw EncodedInput.corrupt(e.getMessage());
    }
  }

  static TreeEntry decode(Page page, int item) throws FsException {
    EncodedInput in = page.item(item);
    String name = text(name(in));
    int type = in.getByte();
    int mode = in.getBounded(MAX_MODE);
    Instant mtime = instant(in.getSignedVarint(), in.getBounded(999_999_999));
    return switch (type) {
      case FILE_INLINE -> {
        byte[] bytes = in.getString();
        Digest digest = Digest.compute(bytes);
        yield new TreeEntry.File(
            name, mode, mtime, bytes.length, digest, new FileContent.Inline(bytes));
      }
      case FILE_EXTENTS -> {
        long size = in.getSize();
        Digest digest = in.getDigest();
        FileContent content = new FileContent.Extents(ExtentCodec.decodeList(in, page, size));
        yield new TreeEntry.File(name, mode, mtime, size, digest, content);
      }
      case FILE_PAGED -> {
        long size = in.getSize();
        Digest digest = in.getDigest();
        BlockRef root = page.block(in.getBounded(page.blockCount()));
        yield new TreeEntry.File(name, mode, mtime, size, digest, new FileContent.Paged(root));
      }
      case SYMLINK -> new TreeEntry.Symlink(name, mode, mtime, text(target(in)));
      case DIRECTORY -> decodeDirectory(name, mode, mtime, in, page);
      default -> throw EncodedInput.corrupt("entry type " + type);
    };
  }

  private static TreeEntry decodeDirectory(
      String name, int mode, Instant mtime, EncodedInput in, Page page) throws FsException {
    TreeSummary summary =
        new TreeSummary(in.getSize(), in.getSize(), in.getSize(), in.getSize(), in.getDigest());
    int root = in.getBounded(page.blockCount());
    return new TreeEntry.Directory(
        name, mode, mtime, summary, root == 0 ? null : page.block(root - 1));
  }

  private static Instant instant(long seconds, int nanos) throws FsException {
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException e) {
      throw EncodedInput.corrupt("a time outside all calendars");
    }
  }
}
