package io.datasetfs.staging;

import io.datasetfs.model.Utf8;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Changes as bytes, in the journal. */
final class ChangeCodec {
  private static final int NO_KIND = 255;

  private ChangeCodec() {}

  static byte[] encode(Change change) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(change.rows().size());
    for (Row row : change.rows()) {
      RowCodec.write(row, out);
    }
    out.writeInt(change.removed().size());
    for (long number : change.removed()) {
      out.writeLong(number);
    }
    out.writeInt(change.names().size());
    for (NameRow name : change.names()) {
      out.writeLong(name.parent());
      RowCodec.writeBytes(Utf8.encode(name.name()), out);
      out.writeLong(name.id());
      out.writeLong(name.child());
      out.writeByte(name.kind() == null ? NO_KIND : name.kind().code());
    }
    return bytes.toByteArray();
  }

  static Change decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    Change change = new Change();
    for (int left = in.readInt(); left > 0; left--) {
      change.put(RowCodec.read(in));
    }
    for (int left = in.readInt(); left > 0; left--) {
      change.remove(in.readLong());
    }
    for (int left = in.readInt(); left > 0; left--) {
      long parent = in.readLong();
      String name = Utf8.decode(RowCodec.readBytes(in));
      long id = in.readLong();
      long child = in.readLong();
      int kind = in.readUnsignedByte();
      change.put(
          new NameRow(parent, name, id, child, kind == NO_KIND ? null : InodeKind.ofCode(kind)));
    }
    return change;
  }
}
