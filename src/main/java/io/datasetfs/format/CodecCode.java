package io.datasetfs.format;

import io.datasetfs.model.Codec;
import io.datasetfs.model.FsException;

/** The stored numbers of the codecs. */
final class CodecCode {
  private CodecCode() {}

  static int of(Codec codec) {
    return switch (codec) {
      case RAW -> 0;
      case ZSTD -> 1;
    };
  }

  static Codec codec(int code) throws FsException {
    return switch (code) {
      case 0 -> Codec.RAW;
      case 1 -> Codec.ZSTD;
      default -> throw EncodedInput.corrupt("codec " + code);
    };
  }
}
