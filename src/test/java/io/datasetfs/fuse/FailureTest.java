package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.SampleFileSystem;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A failure is an error to whoever reads, never an early end of the file. */
@ParameterizedClass
@EnumSource(Transport.class)
class FailureTest {
  private static Mounted mounted;

  @Parameter Transport transport;

  private static final AtomicInteger LATE_READS = new AtomicInteger();

  @BeforeParameterizedClassInvocation
  static void mount(Transport transport) throws Exception {
    LATE_READS.set(0);
    SampleFileSystem fs =
        new SampleFileSystem()
            .failing("runtime", 10, () -> new IllegalStateException("on purpose"))
            .failing("error", 10, () -> new OutOfMemoryError("on purpose"))
            .failing("stack", 10, () -> new StackOverflowError("on purpose"))
            .failing(
                "late",
                10 << 20,
                () -> LATE_READS.incrementAndGet() > 8 ? new IllegalStateException("late") : null);
    for (FailureKind kind : FailureKind.values()) {
      fs.failing(kind.name(), 10, () -> new FsException(kind, "on purpose"));
    }
    mounted = Mounted.with(transport, fs);
  }

  @AfterParameterizedClassInvocation
  static void unmount() throws Exception {
    mounted.close();
  }

  @ParameterizedTest
  @EnumSource(FailureKind.class)
  void everyKindIsAnError(FailureKind kind) throws Exception {
    Shell.Result result = Shell.run("cat \"$1\"", mounted.path(kind.name()));
    assertNotEquals(0, result.status());
    assertEquals(0, result.bytes().length);
    Errno errno = Errno.of(kind);
    assertTrue(result.errors().contains(Errno.text(errno.number())), result.errors());
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"runtime", "error", "stack"})
  void whatNobodyExpectsIsAnInputOutputError(String name) throws Exception {
    Shell.Result result = Shell.run("cat \"$1\"", mounted.path(name));
    assertEquals(1, result.status());
    assertTrue(result.errors().contains("Input/output error"), result.errors());
  }

  @Test
  void aFailureInTheMiddleIsNoEnd() throws Exception {
    Shell.Result result =
        Shell.run("cat \"$1\" | wc -c; exit ${PIPESTATUS[0]}", mounted.path("late"));
    assertEquals(1, result.status());
    assertTrue(result.errors().contains("Input/output error"), result.errors());
    assertTrue(Long.parseLong(result.text().strip()) < 10 << 20);
  }

  @Test
  void theMountGoesOn() throws Exception {
    Shell.run("cat \"$1\"", mounted.path("runtime"));
    Shell.succeed("ls -l \"$1\"", mounted.path());
  }

  @Test
  void unknownAndMisusedThings() throws Exception {
    assertTrue(Shell.run("cat \"$1\"", mounted.path("nothing")).errors().contains("No such file"));
    assertTrue(
        Shell.run("ls \"$1\"", mounted.path("IO/below")).errors().contains("Not a directory"));
    assertTrue(Shell.run("cat \"$1\"", mounted.path()).errors().contains("Is a directory"));
  }
}
