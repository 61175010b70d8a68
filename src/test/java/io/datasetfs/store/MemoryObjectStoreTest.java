package io.datasetfs.store;

final class MemoryObjectStoreTest extends ObjectStoreContractTest {
  private final MemoryObjectStore memory = new MemoryObjectStore();

  @Override
  protected ObjectStore open(boolean again) {
    return memory;
  }
}
