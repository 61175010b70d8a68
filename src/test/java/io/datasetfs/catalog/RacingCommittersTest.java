package io.datasetfs.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.faults.Fault;
import io.datasetfs.faults.FaultProxy;
import io.datasetfs.faults.Rule;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.store.s3.Bucket;
import io.datasetfs.store.s3.CephGateway;
import io.datasetfs.store.s3.S3Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that publish versions of one dataset on a real S3 server. */
class RacingCommittersTest {
  private static final int VERSIONS = 20;

  @TempDir private Path home;
  private final CephGateway gateway = CephGateway.shared();
  private Bucket bucket;
  private FaultProxy proxy;

  @BeforeEach
  void open() throws IOException {
    bucket = gateway.newBucket();
    proxy = FaultProxy.before(gateway.endpoint());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    bucket.close();
  }

  @Test
  @Tag("promise-2")
  void noneIsLostAndNoneIsDoubled() throws Exception {
    race();
  }

  @Test
  @Tag("promise-2")
  void norWhenAnswersToTheDecisiveWriteAreCutOff() throws Exception {
    Rule lost =
        proxy.inject(
            Rule.every(new Fault.LoseAnswer())
                .on(r -> r.method().equals("PUT") && r.key().endsWith("/dataset.json"))
                .sometimes(0.4, 1));
    race();
    assertTrue(lost.hits() > 0);
  }

  private void race() throws Exception {
    DatasetHead head;
    String id;
    try (Committer direct = new Committer(home)) {
      Map<String, String> config = bucket.config("p");
      config.put(S3Settings.ENDPOINT, proxy.endpoint().toString());
      config.put(StorageProvider.ACCESS_KEY, gateway.keys().accessKey());
      config.put(StorageProvider.SECRET_ACCESS_KEY, gateway.keys().secretAccessKey());
      StorageProvider provider =
          direct
              .catalog()
              .providers()
              .add(
                  "ceph",
                  StorageProvider.S3,
                  config,
                  store -> Repository.createIfAbsent(store, Clock.systemUTC()));
      id = direct.catalog().create("raced", provider, "").id().value();
      Set<String> published = new TreeSet<>();
      List<Process> committers = new ArrayList<>();
      try {
        for (String letter : List.of("a", "b")) {
          committers.add(Committer.start(home, id, letter, VERSIONS));
        }
        for (Process committer : committers) {
          try (BufferedReader said =
              new BufferedReader(
                  new InputStreamReader(committer.getInputStream(), StandardCharsets.UTF_8))) {
            said.lines().forEach(published::add);
          }
          assertEquals(0, committer.waitFor(), published.toString());
        }
      } finally {
        committers.forEach(Process::destroyForcibly);
      }
      proxy.heal();
      head = direct.catalog().require(id).head();
      assertEquals(2 * VERSIONS, published.size());
      List<String> there =
          head.versions().stream().map(VersionRecord::id).map(v -> v.value()).sorted().toList();
      assertEquals(List.copyOf(published), there);
      assertEquals(
          2 * VERSIONS, head.versions().stream().map(VersionRecord::sequence).distinct().count());
    }
  }
}
