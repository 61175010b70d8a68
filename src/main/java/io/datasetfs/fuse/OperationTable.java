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
 * as this object is referenced. What is missing from it (create, access, locks) the kernel does not
 * ask for twice.
 */
final class OperationTable implements AutoCloseable {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  // Native stubs hold what they call only weakly.
  private final List<Object> alive = new ArrayList<>();
  private final int size = Struct.size(Layouts.OPERATIONS);
  private final long address = MEMORY.allocateMemory(size, true);

  OperationTable(
      ReadOperations read, NameChanges names, AttributeChanges attributes, FileWrites writes) {
    FuseOperations table = Layouts.OPERATIONS;
    set(table.getattr, Upcalls.Path2.class, read::getattr);
    set(table.fgetattr, Upcalls.PathStatFile.class, read::fgetattr);
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

    // Without create the kernel makes a node and opens it, by a number that is known then.
    set(table.mknod, Upcalls.MakeNode.class, names::mknod);
    set(table.mkdir, Upcalls.PathMode.class, names::mkdir);
    set(table.unlink, Upcalls.Path1.class, names::unlink);
    set(table.rmdir, Upcalls.Path1.class, names::rmdir);
    set(table.symlink, Upcalls.Path2.class, names::symlink);
    set(table.rename, Upcalls.Path2.class, names::rename);
    set(table.link, Upcalls.Path2.class, names::link);

    set(table.chmod, Upcalls.PathMode.class, attributes::chmod);
    set(table.chown, Upcalls.PathInts.class, attributes::chown);
    set(table.truncate, Upcalls.PathSize.class, attributes::truncate);
    set(table.ftruncate, Upcalls.FileSize.class, attributes::ftruncate);
    set(table.utimens, Upcalls.Path2.class, attributes::utimens);
    set(table.setxattr, Upcalls.SetAttribute.class, attributes::setxattr);
    set(table.removexattr, Upcalls.Path2.class, attributes::removexattr);

    set(table.write, Upcalls.Read.class, writes::write);
    set(table.flush, Upcalls.Path2.class, writes::flush);
    set(table.fsync, Upcalls.Sync.class, writes::fsync);
    set(table.fsyncdir, Upcalls.Sync.class, writes::fsyncdir);
    set(table.fallocate, Upcalls.Allocate.class, writes::fallocate);

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
