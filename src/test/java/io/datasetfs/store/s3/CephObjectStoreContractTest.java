package io.datasetfs.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.ObjectStoreContractTest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

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

  /** Others' objects in the bucket may have any names; XML 1.0 can't say all of them. */
  @Test
  void namesOfOthersHideNothing() throws Exception {
    for (String foreign : List.of("d/\u0001/x", "d/a b+%2Fc/x", "d/&<>\"'\n/x")) {
      bucket
          .client()
          .putObject(b -> b.bucket(bucket.name()).key(foreign), RequestBody.fromString("x"));
    }
    try (ObjectStore store = bucket.open("")) {
      store.putIfAbsent("d/e/ours", List.of());
      Set<String> found = new TreeSet<>();
      store.list("d/", object -> found.add(object.key()));
      assertEquals(Set.of("d/e/ours"), found);
      assertEquals(List.of("e"), store.listSegments("d/"));
    }
  }
}
