package io.datasetfs.commit;

import io.datasetfs.format.BlockCodec;
import io.datasetfs.format.DirectoryPage;
import io.datasetfs.format.ExtentPage;
import io.datasetfs.format.PackIndex;
import io.datasetfs.format.PackKind;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import io.datasetfs.store.ObjectStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that takes no pack of pages before everything that its pages point to. */
final class OrderCheckingStore {
  private final ObjectStore inner;
  private final AtomicInteger treePacks = new AtomicInteger();

  OrderCheckingStore(ObjectStore inner) {
    this.inner = inner;
  }

  /** How many packs of pages were checked. */
  int treePacks() {
    return treePacks.get();
  }

  ObjectStore store() {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> {
              try {
                if (method.getName().equals("putIfAbsent")) {
                  @SuppressWarnings("unchecked")
                  List<ByteBuffer> pieces = (List<ByteBuffer>) arguments[1];
                  check((String) arguments[0], pieces);
                  // Time for whoever does not wait to be found out.
                  Thread.sleep(2);
                }
                return method.invoke(inner, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void check(String key, List<ByteBuffer> pieces) throws FsException {
    ByteBuffer pack = ByteBuffer.allocate(pieces.stream().mapToInt(ByteBuffer::remaining).sum());
    pieces.forEach(piece -> pack.put(piece.duplicate()));
    PackId id = PackId.parse(key.substring(key.lastIndexOf('/') + 1));
    PackIndex index = PackLayout.readIndex(id, pack.flip());
    if (index.kind() == PackKind.DATA) {
      return;
    }
    treePacks.incrementAndGet();
    Set<PackId> needed = new HashSet<>();
    for (PackIndex.Block block : index.blocks()) {
      int from = (int) block.ref().offset();
      byte[] stored = Arrays.copyOfRange(pack.array(), from, from + block.ref().storedLength());
      addPacks(BlockCodec.decode(block.ref(), ByteBuffer.wrap(stored)), needed);
    }
    needed.remove(id);
    for (PackId other : needed) {
      if (inner.stat(PackLayout.key(Imports.DATASET, other)).isEmpty()) {
        throw new AssertionError("a page is stored before what it points to in pack " + other);
      }
    }
  }

  private static void addPacks(byte[] bytes, Set<PackId> packs) throws FsException {
    if (bytes[0] <= 2) {
      DirectoryPage page = DirectoryPage.decode(bytes);
      for (int i = 0; i < page.size(); i++) {
        if (page.isIndex()) {
          packs.add(page.child(i).page().pack());
        } else {
          addPacks(page.entry(i), packs);
        }
      }
      return;
    }
    ExtentPage page = ExtentPage.decode(bytes);
    for (int i = 0; i < page.size(); i++) {
      if (page.isIndex()) {
        packs.add(page.child(i).page().pack());
      } else {
        addPack(page.extent(i), packs);
      }
    }
  }

  private static void addPacks(TreeEntry entry, Set<PackId> packs) {
    if (entry instanceof TreeEntry.Directory directory && directory.page() != null) {
      packs.add(directory.page().pack());
    } else if (entry instanceof TreeEntry.File file) {
      if (file.content() instanceof FileContent.Extents list) {
        list.extents().forEach(extent -> addPack(extent, packs));
      } else if (file.content() instanceof FileContent.Paged paged) {
        BlockRef page = paged.page();
        packs.add(page.pack());
      }
    }
  }

  private static void addPack(Extent extent, Set<PackId> packs) {
    if (extent instanceof Extent.Stored stored) {
      packs.add(stored.block().pack());
    }
  }
}
