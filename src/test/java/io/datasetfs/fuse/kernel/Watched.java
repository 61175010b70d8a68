package io.datasetfs.fuse.kernel;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.fs.SampleFileSystem;
import io.datasetfs.fuse.MountOptions;
import io.datasetfs.fuse.Mountpoints;
import io.datasetfs.fuse.Owner;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A sample file system mounted by this transport, whose calls are counted. */
final class Watched implements AutoCloseable {
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Path path;
  private final KernelConnection connection;

  /** Stands before reads. */
  interface BeforeRead {
    void run() throws FsException, InterruptedException;
  }

  Watched(SampleFileSystem fs) throws Exception {
    this(fs, () -> {});
  }

  Watched(SampleFileSystem fs, BeforeRead before) throws Exception {
    path = Files.createTempDirectory("dsfs kernel ").toRealPath();
    FileSystem counted =
        (FileSystem)
            Proxy.newProxyInstance(
                FileSystem.class.getClassLoader(),
                new Class<?>[] {FileSystem.class},
                (proxy, method, arguments) -> {
                  calls.merge(method.getName(), 1, Integer::sum);
                  if (method.getName().equals("read") && arguments[0] instanceof OpenFile) {
                    before.run();
                  }
                  return call(fs, method, arguments);
                });
    connection =
        KernelConnection.mount(
            counted, path, MountOptions.at(path).build(), new Owner(0, 0, 0), "this");
  }

  private static Object call(FileSystem fs, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(fs, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** How often the kernel made the file system do something. */
  int calls(String method) {
    return calls.getOrDefault(method, 0);
  }

  KernelConnection connection() {
    return connection;
  }

  Path path(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    try {
      Mountpoints.unmount(path, false);
      connection.awaitEnd();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
    Files.delete(path);
  }
}
