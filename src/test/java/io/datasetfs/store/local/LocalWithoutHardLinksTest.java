package io.datasetfs.store.local;

import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.ObjectStoreContractTest;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The same promises where the file system has no hard links, as FAT and some network ones. */
final class LocalWithoutHardLinksTest extends ObjectStoreContractTest {
  @TempDir private Path directory;

  @Override
  protected ObjectStore open(boolean again) throws Exception {
    return LocalObjectStore.open(
        directory,
        (link, existing) -> {
          throw new FileSystemException(
              link.toString(), existing.toString(), "Operation not permitted");
        });
  }
}
