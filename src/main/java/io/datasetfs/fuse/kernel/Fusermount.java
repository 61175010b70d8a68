package io.datasetfs.fuse.kernel;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallContextCache;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import io.datasetfs.fuse.CStrings;
import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.LibC;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Mounts as everybody else does: fusermount has the right, and sends the open device back through a
 * socket. The JDK closes all descriptors of the processes that it starts, so this one is started
 * here.
 */
final class Fusermount implements AutoCloseable {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();
  private static final KernelCalls CALLS = KernelCalls.INSTANCE;

  private static final int UNIX = 1;
  private static final int STREAM = 1;
  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;

  // the sizes that glibc and musl have for posix_spawn_file_actions_t are below 100
  private static final int ACTIONS_ROOM = 256;
  private static final int OUTPUT_ROOM = 4096;

  private static final int EINTR = Errno.EINTR.number();

  private static final CallContext SPAWN_SIGNATURE =
      CallContextCache.getInstance()
          .getCallContext(
              Type.SINT,
              new Type[] {
                Type.POINTER, Type.POINTER, Type.POINTER, Type.POINTER, Type.POINTER, Type.POINTER
              },
              CallingConvention.DEFAULT,
              false);

  private final CVector memory = new CVector();
  private final Path program;
  private final int[] sockets = {-1, -1};
  private final int[] output = {-1, -1};

  private Fusermount(Path program) throws FsException {
    this.program = program;
    if (CALLS.socketpair(UNIX, STREAM, 0, sockets) != 0 || CALLS.pipe(output) != 0) {
      int errno = LibC.lastError();
      close();
      throw failure(Errno.text(errno));
    }
  }

  /**
   * Mounts.
   *
   * @param program fusermount3 or fusermount
   * @param options for its {@code -o}
   * @return the device, which the mount ends with
   */
  static Device mount(Path program, Path mountpoint, String options) throws FsException {
    try (Fusermount fusermount = new Fusermount(program)) {
      int process =
          fusermount.start(List.of(program.toString(), "-o", options, "--", mountpoint.toString()));
      int descriptor = ReceivedDescriptor.receive(fusermount.sockets[0]);
      String said = fusermount.await(process);
      if (descriptor < 0) {
        throw new FsException(
            said.contains("not permitted") || said.contains("no write access")
                ? FailureKind.ACCESS_DENIED
                : FailureKind.IO,
            "Cannot mount at " + mountpoint + ": " + (said.isEmpty() ? program + " failed" : said));
      }
      return new Device(descriptor);
    }
  }

  private int start(List<String> arguments) throws FsException {
    long actions = memory.allocate(ACTIONS_ROOM);
    CALLS.posix_spawn_file_actions_init(actions);
    CALLS.posix_spawn_file_actions_adddup2(actions, output[1], STANDARD_OUTPUT);
    CALLS.posix_spawn_file_actions_adddup2(actions, output[1], STANDARD_ERROR);
    long process = memory.allocate(Long.BYTES);
    List<String> environment =
        List.of(
            "_FUSE_COMMFD=" + sockets[1],
            "PATH=" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
            "LC_ALL=C.UTF-8");
    // not through jnr-ffi, whose generated code can corrupt the sixth argument
    int errno =
        (int)
            Invoker.getInstance()
                .invokeN6(
                    SPAWN_SIGNATURE,
                    Library.getDefault().getSymbolAddress("posix_spawn"),
                    process,
                    memory.text(program.toString()),
                    actions,
                    0,
                    memory.texts(arguments),
                    memory.texts(environment));
    CALLS.posix_spawn_file_actions_destroy(actions);
    closeTheirs();
    if (errno != 0) {
      throw failure(Errno.text(errno));
    }
    return MEMORY.getInt(process);
  }

  /** So that the end of the process is the end of the socket and of the pipe. */
  private void closeTheirs() {
    CALLS.close(sockets[1]);
    CALLS.close(output[1]);
    sockets[1] = -1;
    output[1] = -1;
  }

  /** Waits for the end of the process; answers what it said. */
  private String await(int process) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    long room = memory.allocate(OUTPUT_ROOM);
    byte[] bytes = new byte[OUTPUT_ROOM];
    long length;
    do {
      length = CALLS.read(output[0], room, OUTPUT_ROOM);
      if (length > 0) {
        MEMORY.getByteArray(room, bytes, 0, (int) length);
        said.write(bytes, 0, (int) length);
      }
    } while (length > 0 || (length < 0 && LibC.lastError() == EINTR));
    int waited;
    do {
      waited = CALLS.waitpid(process, new int[1], 0);
    } while (waited < 0 && LibC.lastError() == EINTR);
    return said.toString(StandardCharsets.UTF_8).strip().replace('\n', ' ');
  }

  private FsException failure(String reason) {
    return new FsException(FailureKind.IO, "Cannot run " + program + ": " + reason);
  }

  @Override
  public void close() {
    for (int descriptor : new int[] {sockets[0], sockets[1], output[0], output[1]}) {
      if (descriptor >= 0) {
        CALLS.close(descriptor);
      }
    }
    memory.close();
  }

  /** Native memory that is freed together. */
  private static final class CVector implements AutoCloseable {
    private final List<Long> blocks = new java.util.ArrayList<>();

    long allocate(int size) {
      long address = MEMORY.allocateMemory(size, true);
      blocks.add(address);
      return address;
    }

    long text(String text) {
      byte[] bytes = CStrings.terminated(text);
      long address = allocate(bytes.length);
      MEMORY.putByteArray(address, bytes, 0, bytes.length);
      return address;
    }

    /** A vector of texts that ends with a null. */
    long texts(List<String> texts) {
      long address = allocate((texts.size() + 1) * Long.BYTES);
      for (int i = 0; i < texts.size(); i++) {
        MEMORY.putLong(address + (long) i * Long.BYTES, text(texts.get(i)));
      }
      return address;
    }

    @Override
    public void close() {
      blocks.forEach(MEMORY::freeMemory);
    }
  }
}
