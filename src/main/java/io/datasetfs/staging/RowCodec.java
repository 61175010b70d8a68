package io.datasetfs.staging;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.PackId;
import io.datasetfs.model.Utf8;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows as bytes, in the journal and in the tables. */
final class RowCodec {
  private static final int TOUCHED = 1;
  private static final int DIRTY = 2;
  private static final int BASE = 4;
  private static final int TARGET = 8;
  private static final int EXTENDED = 16;
  private static final int DIRECTORY = 32;
  private static final int DEVICE = 64;

  private RowCodec() {}

  static byte[] encode(Row row) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    try {
      write(row, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  static Row decode(byte[] bytes) throws IOException {
    return read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  static void write(Row row, DataOutput out) throws IOException {
    out.writeLong(row.number());
    out.writeByte(row.kind().code());
    out.writeByte(flags(row));
    out.writeShort(row.mode());
    out.writeInt(row.uid());
    out.writeInt(row.gid());
    out.writeInt(row.links());
    out.writeLong(row.size());
    out.writeLong(row.blocks());
    writeTime(row.atime(), out);
    writeTime(row.mtime(), out);
    writeTime(row.ctime(), out);
    if (row.device() != 0) {
      out.writeLong(row.device());
    }
    if (row.target() != null) {
      writeBytes(Utf8.encode(row.target()), out);
    }
    if (row.isDirectory()) {
      out.writeLong(row.parent());
      out.writeLong(row.entries());
    }
    if (row.base() != null) {
      writePlace(row.base(), out);
      out.writeLong(row.baseLimit());
    }
    if (!row.extended().isEmpty()) {
      out.writeShort(row.extended().size());
      for (Map.Entry<String, byte[]> attribute : row.extended().entrySet()) {
        writeBytes(Utf8.encode(attribute.getKey()), out);
        writeBytes(attribute.getValue(), out);
      }
    }
  }

  private static int flags(Row row) {
    return (row.touched() ? TOUCHED : 0)
        | (row.dirty() ? DIRTY : 0)
        | (row.base() != null ? BASE : 0)
        | (row.target() != null ? TARGET : 0)
        | (row.extended().isEmpty() ? 0 : EXTENDED)
        | (row.isDirectory() ? DIRECTORY : 0)
        | (row.device() != 0 ? DEVICE : 0);
  }

  static Row read(DataInput in) throws IOException {
    RowEdit row = new RowEdit(in.readLong(), InodeKind.ofCode(in.readUnsignedByte()));
    int flags = in.readUnsignedByte();
    row.touched = (flags & TOUCHED) != 0;
    row.dirty = (flags & DIRTY) != 0;
    row.mode = in.readUnsignedShort();
    row.uid = in.readInt();
    row.gid = in.readInt();
    row.links = in.readInt();
    row.size = in.readLong();
    row.blocks = in.readLong();
    row.atime = readTime(in);
    row.mtime = readTime(in);
    row.ctime = readTime(in);
    row.device = (flags & DEVICE) != 0 ? in.readLong() : 0;
    row.target = (flags & TARGET) != 0 ? Utf8.decode(readBytes(in)) : null;
    if ((flags & DIRECTORY) != 0) {
      row.parent = in.readLong();
      row.entries = in.readLong();
    }
    if ((flags & BASE) != 0) {
      row.base = readPlace(in);
      row.baseLimit = in.readLong();
    }
    if ((flags & EXTENDED) != 0) {
      SortedMap<String, byte[]> extended = new TreeMap<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        extended.put(Utf8.decode(readBytes(in)), readBytes(in));
      }
      row.extended = Collections.unmodifiableSortedMap(extended);
    }
    return row.done();
  }

  private static void writeTime(Instant time, DataOutput out) throws IOException {
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  private static Instant readTime(DataInput in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  private static void writePlace(BasePlace place, DataOutput out) throws IOException {
    out.writeLong(place.parent());
    writeBytes(Utf8.encode(place.name()), out);
    out.writeInt(place.index());
    BlockRef page = place.page();
    out.writeBoolean(page != null);
    if (page != null) {
      out.writeLong(page.pack().high());
      out.writeLong(page.pack().low());
      out.writeLong(page.offset());
      out.writeInt(page.storedLength());
      out.writeInt(page.rawLength());
      out.writeBoolean(page.codec() == Codec.ZSTD);
      out.write(page.digest().bytes());
    }
  }

  private static BasePlace readPlace(DataInput in) throws IOException {
    long parent = in.readLong();
    String name = Utf8.decode(readBytes(in));
    int index = in.readInt();
    if (!in.readBoolean()) {
      return new BasePlace(parent, name, null, index);
    }
    PackId pack = new PackId(in.readLong(), in.readLong());
    long offset = in.readLong();
    int stored = in.readInt();
    int raw = in.readInt();
    Codec codec = in.readBoolean() ? Codec.ZSTD : Codec.RAW;
    byte[] digest = new byte[Digest.LENGTH];
    in.readFully(digest);
    BlockRef page = new BlockRef(pack, offset, stored, raw, codec, Digest.of(digest));
    return new BasePlace(parent, name, page, index);
  }

  static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] readBytes(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > 1 << 20) {
      throw new IOException("a text of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }
}
