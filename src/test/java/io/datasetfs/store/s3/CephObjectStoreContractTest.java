package io.datasetfs.store.s3;

import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.ObjectStoreContractTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The store on a real server. */
class CephObjectStoreContractTest extends ObjectStoreContractTest {
  private static Bucket bucket;

  @BeforeAll
  static void makeBucket() {
    bucket = CephGateway.shared().newBucket();
  }

  @AfterAll
  static void removeBucket() {
    bucket.close();
  }

  @Override
  protected ObjectStore open(boolean again) throws Exception {
    if (!again) {
      bucket.empty();
    }
    return bucket.open("");
  }
}
