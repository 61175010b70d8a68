package io.datasetfs.store.s3;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;

/** What a call sends: the bytes of consecutive buffers, whose positions stay as they are. */
final class PieceStream extends InputStream {
  private final Iterator<ByteBuffer> rest;
  private ByteBuffer piece = ByteBuffer.allocate(0);

  PieceStream(List<ByteBuffer> pieces) {
    this.rest = pieces.iterator();
  }

  @Override
  public int read() {
    return atEnd() ? -1 : piece.get() & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (atEnd()) {
      return -1;
    }
    // asked for more, so what came before has gone
    CallWatch.moves();
    int count = Math.min(length, piece.remaining());
    piece.get(target, offset, count);
    return count;
  }

  @Override
  public int available() {
    return piece.remaining();
  }

  private boolean atEnd() {
    while (!piece.hasRemaining()) {
      if (!rest.hasNext()) {
        return true;
      }
      piece = rest.next().duplicate();
    }
    return false;
  }
}
