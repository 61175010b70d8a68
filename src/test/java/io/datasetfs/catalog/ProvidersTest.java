package io.datasetfs.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ProvidersTest {
  @TempDir Path home;
  private CatalogFixture fixture;
  private Providers providers;

  @BeforeEach
  void open() {
    fixture = new CatalogFixture(home);
    providers = fixture.providers();
  }

  private StorageProvider add(String name, String path) throws FsException {
    return providers.add(
        name, StorageProvider.LOCAL, Map.of(StorageProvider.PATH, path), store -> {});
  }

  private static FsException failure(FailureKind kind, Executable action) {
    FsException e = assertThrows(FsException.class, action);
    assertEquals(kind, e.kind(), e.getMessage());
    return e;
  }

  @Test
  void thereIsOneBeforeAnythingIsSetUp() throws FsException {
    StorageProvider local = providers.standard();
    assertEquals(List.of(local), providers.list());
    assertEquals("local (spllocal0000000)", local.label());
    assertEquals(home.resolve("local").toString(), local.config().get("path"));
    assertEquals(local, providers.require("local"));
    assertEquals(local, providers.require("spllocal0000000"));
    assertFalse(Files.exists(home.resolve("config.yaml")), "reading writes nothing");
  }

  @Test
  void addsUpdatesAndRemoves() throws FsException {
    StorageProvider fast = add("fast", "/fast");
    assertEquals(fast, fixture.providers().require("fast"));
    assertEquals(2, providers.list().size());
    assertEquals(Providers.IMPLICIT, providers.standard().id());
    providers.update("fast", Optional.of("faster"), Map.of("path", "/faster"));
    StorageProvider faster = fixture.providers().require(fast.id().value());
    assertEquals("faster", faster.name());
    assertEquals("/faster", faster.config().get("path"));
    providers.remove("local");
    assertEquals(List.of(faster), fixture.providers().list());
    assertEquals(faster, providers.standard(), "the only one");
    providers.remove("faster");
    failure(FailureKind.INVALID, providers::standard);
    failure(FailureKind.NOT_FOUND, () -> providers.remove("faster"));
  }

  @Test
  void theImplicitOneCanBeOverridden() throws FsException {
    providers.update("local", Optional.of("home"), Map.of());
    assertEquals(1, providers.list().size());
    assertEquals("home (spllocal0000000)", fixture.providers().standard().label());
  }

  @Test
  void refusesWhatIsTakenOrUnfit() throws FsException {
    add("fast", "/fast");
    failure(FailureKind.EXISTS, () -> add("fast", "/other"));
    failure(FailureKind.EXISTS, () -> add("local", "/other"));
    failure(FailureKind.EXISTS, () -> add("fast2", "/fast"));
    failure(FailureKind.INVALID, () -> add("spl000000000000", "/other"));
    failure(FailureKind.INVALID, () -> add("a\nb", "/other"));
    failure(
        FailureKind.IO,
        () ->
            providers.add(
                "bad",
                StorageProvider.LOCAL,
                Map.of("path", "/bad"),
                store -> {
                  throw new FsException(FailureKind.IO, "not usable");
                }));
    assertEquals(2, providers.list().size(), "what fails is not written down");
  }

  @Test
  void keepsTheFilePrivateAndWhatItDoesNotKnow() throws IOException {
    Path file = home.resolve("config.yaml");
    Files.writeString(
        file,
        """
        # mine
        future: {a: [1, 2]}
        storageProviders:
        - id: splgct3arqdh77c
          name: test1
          type: teleport
          shade: blue
          config: {bucket: b, deep: {x: 1}}
        """);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertEquals("teleport", providers.require("test1").type());
    failure(FailureKind.UNSUPPORTED, () -> providers.store(providers.require("test1")));
    add("fast", "/fast");
    providers.update("test1", Optional.of("test2"), Map.of("bucket", "c"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String text = Files.readString(file);
    for (String kept : List.of("future:", "- 2", "shade: \"blue\"", "x: 1", "bucket: \"c\"")) {
      assertTrue(text.contains(kept), text);
    }
    try (var left = Files.list(home)) {
      assertEquals(
          List.of("config.yaml", "config.yaml.lock"),
          left.map(p -> p.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void namesTheFaultOfAMalformedFile() throws IOException {
    Path file = home.resolve("config.yaml");
    for (String text :
        List.of("[", "- a", "storageProviders: 7", "storageProviders: [{id: x}]", "a: 1\na: 2")) {
      Files.writeString(file, text);
      FsException e = failure(FailureKind.CORRUPT, providers::list);
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      failure(FailureKind.CORRUPT, () -> add("fast", "/fast"));
      assertEquals(text, Files.readString(file), "a malformed file is left alone");
    }
    Files.writeString(file, "");
    assertEquals(1, providers.list().size());
  }

  @Test
  void changesAtOnceAreAllKept() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<StorageProvider>> added = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String name = "p" + i;
        added.add(threads.submit(() -> add(name, "/" + name)));
      }
      for (Future<StorageProvider> one : added) {
        StorageProvider written = one.get();
        assertTrue(providers.list().contains(written), written.name());
      }
      assertEquals(17, providers.list().size());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void storesAreShared() throws FsException {
    assertSame(providers.store(providers.standard()), providers.store(providers.standard()));
  }
}
