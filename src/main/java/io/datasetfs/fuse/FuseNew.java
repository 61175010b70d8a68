package io.datasetfs.fuse;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallContextCache;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.charset.StandardCharsets;
import jnr.ffi.LibraryLoader;

/**
 * libfuse's {@code fuse_new}, the one of version 2.6 and later. The library has four functions of
 * this name, and a lookup by name alone finds the oldest, which takes other arguments.
 */
final class FuseNew {
  private static final int RTLD_LAZY = 1;
  private static final CallContext SIGNATURE =
      CallContextCache.getInstance()
          .getCallContext(
              Type.POINTER,
              new Type[] {Type.POINTER, Type.POINTER, Type.POINTER, Type.ULONG, Type.POINTER},
              CallingConvention.DEFAULT,
              false);

  private FuseNew() {}

  /** The dynamic linker. */
  public interface DynamicLinker {
    /** Opens a library, or answers the one that is open. */
    long dlopen(byte[] name, int flags);

    /** Finds a function in one of its versions. */
    long dlvsym(long library, byte[] name, byte[] version);
  }

  /** Finds the function; call it with {@link #call}. */
  static long find() throws FsException {
    try {
      // a part of the C library since glibc 2.34
      DynamicLinker linker =
          LibraryLoader.create(DynamicLinker.class).library("c").library("dl").load();
      long library = linker.dlopen(text(LibFuse.NAME), RTLD_LAZY);
      long address = library == 0 ? 0 : linker.dlvsym(library, text("fuse_new"), text("FUSE_2.6"));
      if (address != 0) {
        return address;
      }
    } catch (LinkageError e) {
      throw new FsException(
          FailureKind.UNSUPPORTED, "The C library has no versions of functions (dlvsym)", e);
    }
    throw new FsException(
        FailureKind.UNSUPPORTED, LibFuse.NAME + " is not version 2.6 or later of libfuse 2");
  }

  private static byte[] text(String text) {
    return (text + '\0').getBytes(StandardCharsets.US_ASCII);
  }

  /** Makes the file system of a channel; answers it, or 0. */
  static long call(long function, long channel, long args, long operations, long operationsSize) {
    return Invoker.getInstance()
        .invokeN5(SIGNATURE, function, channel, args, operations, operationsSize, 0);
  }
}
