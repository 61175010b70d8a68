package io.datasetfs.fuse;

import com.kenai.jffi.MemoryIO;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.BaseStruct;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import ru.serce.jnrfuse.struct.FuseOperations;

/**
 * The table of operations that libfuse is given, in native memory. The functions in it live as long
 * as this object is referenced. What is missing from it (flush, fsync, access) the kernel does not
 * ask for twice.
 */
final class OperationTable implements AutoCloseable {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  // Native stubs hold what they call only weakly.
  private final List<Object> alive = new ArrayList<>();
  private final int size = Struct.size(Layouts.OPERATIONS);
  private final long address = MEMORY.allocateMemory(size, true);

  OperationTable(ReadOperations read, WriteOperations write) {
    FuseOperations table = Layouts.OPERATIONS;
    set(table.getattr, Upcalls.Path2.class, read::getattr);
    set(table.readlink, Upcalls.PathBuffer.class, read::readlink);
    set(table.open, Upcalls.Path2.class, read::open);
    set(table.read, Upcalls.Read.class, read::read);
    set(table.release, Upcalls.Path2.class, read::release);
    set(table.opendir, Upcalls.Path2.class, read::opendir);
    set(table.readdir, Upcalls.ReadDirectory.class, read::readdir);
    set(table.releasedir, Upcalls.Path2.class, read::releasedir);
    set(table.statfs, Upcalls.Path2.class, read::statfs);
    set(table.getxattr, Upcalls.GetAttribute.class, read::getxattr);
    set(table.listxattr, Upcalls.PathBuffer.class, read::listxattr);

    set(table.mknod, Upcalls.MakeNode.class, (path, mode, device) -> write.refuse("mknod", path));
    set(table.create, Upcalls.Create.class, (path, mode, info) -> write.refuse("create", path));
    set(table.mkdir, Upcalls.PathMode.class, (path, mode) -> write.refuse("mkdir", path));
    set(table.unlink, Upcalls.Path1.class, path -> write.refuse("unlink", path));
    set(table.rmdir, Upcalls.Path1.class, path -> write.refuse("rmdir", path));
    set(table.symlink, Upcalls.Path2.class, (target, path) -> write.refuse("symlink", path));
    set(table.rename, Upcalls.Path2.class, write::refuseRename);
    set(table.link, Upcalls.Path2.class, (from, to) -> write.refuse("link", to));
    set(table.chmod, Upcalls.PathMode.class, (path, mode) -> write.refuse("chmod", path));
    set(table.chown, Upcalls.PathInts.class, (path, uid, gid) -> write.refuse("chown", path));
    set(table.truncate, Upcalls.Path2.class, (path, size) -> write.refuse("truncate", path));
    set(table.utimens, Upcalls.Path2.class, (path, times) -> write.refuse("utimens", path));
    set(
        table.setxattr,
        Upcalls.SetAttribute.class,
        (path, name, value, size, flags) -> write.refuse("setxattr", path));
    set(table.removexattr, Upcalls.Path2.class, (path, name) -> write.refuse("removexattr", path));

    // Reading and listing go by the handle: without these bits libfuse would make a path for each.
    int flags = Layouts.NULLPATH_OK | Layouts.NOPATH | Layouts.UTIME_OMIT_OK;
    MEMORY.putInt(address + Layouts.OPERATION_FLAGS, flags);
  }

  private <T> void set(BaseStruct.Func<?> member, Class<? extends T> type, T upcall) {
    Pointer stub = Runtime.getSystemRuntime().getClosureManager().getClosurePointer(type, upcall);
    alive.add(upcall);
    alive.add(stub);
    MEMORY.putLong(address + member.offset(), stub.address());
  }

  /** Where the table is. */
  long address() {
    return address;
  }

  /** Its length in bytes. */
  int size() {
    return size;
  }

  @Override
  public void close() {
    MEMORY.freeMemory(address);
    alive.clear();
  }
}
