package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.SampleFileSystem;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to change something is answered with "Read-only file system". */
@ParameterizedClass
@EnumSource(Transport.class)
class RefusalTest {
  private static Mounted mounted;

  @Parameter Transport transport;
  private static Mounted readOnly;

  @BeforeParameterizedClassInvocation
  static void mount(Transport transport) throws Exception {
    mounted = Mounted.with(transport, sample());
    readOnly = Mounted.with(transport, sample(), "ro");
  }

  private static SampleFileSystem sample() {
    return new SampleFileSystem()
        .file("file", 100, 1)
        .file("dir/inner", 100, 1)
        .directory("empty")
        .link("link", "file");
  }

  @AfterParameterizedClassInvocation
  static void unmount() throws Exception {
    mounted.close();
    readOnly.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "touch new",
        "touch dir/new",
        "touch file",
        "touch -m file",
        "touch -a dir",
        "mkdir new",
        "rmdir empty",
        "rm -f file",
        "rm -rf dir",
        "mv file other",
        "mv dir/inner empty/inner",
        "chmod 600 file",
        "chmod 700 dir",
        "chown 1 file",
        "ln -s file other",
        "ln file other",
        "truncate -s 0 file",
        "mkfifo fifo",
        "cp /etc/passwd file",
        "cp /etc/passwd new",
        "dd if=/dev/zero of=file conv=notrunc count=1 status=none",
        "dd if=/dev/zero of=dir/new count=1 status=none",
      })
  void refused(String command) throws Exception {
    for (Mounted each : new Mounted[] {mounted, readOnly}) {
      Shell.Result result = Shell.run("cd \"$1\" && " + command, each.path());
      assertNotEquals(0, result.status(), command);
      assertTrue(result.errors().contains("Read-only file system"), result.errors());
    }
    assertEquals("dir empty file link\n", Shell.succeed("cd \"$1\" && echo *", mounted.path()));
  }

  @ParameterizedTest
  @ValueSource(strings = {">> file", "> file", "> new", ">> dir/new"})
  void redirectionsAreRefused(String redirection) throws Exception {
    Shell.Result result = Shell.run("cd \"$1\" && echo x " + redirection, mounted.path());
    assertNotEquals(0, result.status());
    assertTrue(result.errors().contains("Read-only file system"), result.errors());
  }
}
