package io.datasetfs.store.s3;

import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.ObjectStoreContractTest;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The store on a server in this JVM. */
class DoubleObjectStoreContractTest extends ObjectStoreContractTest {
  private static S3Double server;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Double(S3Double.Conditions.ATOMIC);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  protected ObjectStore open(boolean again) throws Exception {
    if (!again) {
      server.clear();
    }
    return S3ObjectStore.open(
        server.settings(),
        new S3Credentials.Given(() -> S3Double.KEYS),
        S3Limits.STANDARD,
        new Random());
  }
}
