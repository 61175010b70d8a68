package io.datasetfs.store.local;

import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.ObjectStoreContractTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class LocalObjectStoreContractTest extends ObjectStoreContractTest {
  @TempDir private Path directory;

  @Override
  protected ObjectStore open(boolean again) throws Exception {
    return LocalObjectStore.open(directory.resolve("root"));
  }
}
