package io.datasetfs.store.s3;

import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.ObjectStoreContractTest;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class CephObjectStoreContractTest extends ObjectStoreContractTest {
  private static Bucket bucket;
  private static int tests;

  @BeforeAll
  static void makeBucket() {
    bucket =
        Bucket.create(URI.create("http://127.0.0.1:7481"), new S3Keys("testkey", "testsecret"));
  }

  @AfterAll
  static void removeBucket() {
    bucket.close();
  }

  @Override
  protected ObjectStore open(boolean again) throws Exception {
    tests += again ? 0 : 1;
    return bucket.open("test/" + tests);
  }
}
