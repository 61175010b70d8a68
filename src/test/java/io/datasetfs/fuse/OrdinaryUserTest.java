package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mounting as an ordinary user, in a mount namespace whose {@code /dev/fuse} everybody may use, as
 * it is on most machines.
 */
@ParameterizedClass
@EnumSource(Transport.class)
class OrdinaryUserTest {
  @Parameter Transport transport;

  private static final int USER = 65534;

  /** $1: a device node to make, $2: where to mount, $3: java with its options, $4: what to do. */
  private static final String NAMESPACE =
      "unshare -m --propagation private bash -c '"
          + "mknod \"$1\" c 10 229 && chmod $5 \"$1\" && mount --bind \"$1\" /dev/fuse && "
          + "exec setpriv --reuid "
          + USER
          + " --regid "
          + USER
          + " --clear-groups bash -c \"$4\" bash \"$2\" \"$3\"' bash \"$@\" 2>&1";

  private static final String SERVE =
      "cd /; $2 \"$1\" > \"$1\".log & daemon=$!; "
          + "for i in $(seq 600); do test -s \"$1\".log && break; sleep 0.1; done; ";

  @TempDir Path temporary;

  private Path mountpoint;
  private String java;

  @BeforeEach
  void prepare() throws Exception {
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
    mountpoint = Files.createDirectory(temporary.toRealPath().resolve("mount"));
    Files.setAttribute(mountpoint, "unix:uid", USER);
    Path copies = Files.createDirectory(temporary.toRealPath().resolve("lib"));
    StringBuilder classPath = new StringBuilder();
    // root's own directories are closed to others
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path from = Path.of(element);
      String name = from.getFileName().toString();
      Path to = copies.resolve(name);
      if (!element.isEmpty() && Files.isDirectory(from)) {
        copyTree(from, to);
      } else if (name.startsWith("jnr-") || name.startsWith("jffi") || name.startsWith("asm")) {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
      } else {
        continue;
      }
      classPath.append(to).append(File.pathSeparator);
    }
    java = String.join(" ", Child.java(transport, classPath.toString()));
  }

  private static void copyTree(Path from, Path to) throws Exception {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private Shell.Result inNamespace(String work, String deviceMode) throws Exception {
    return Shell.run(
        NAMESPACE, temporary.resolve("device"), mountpoint, java, SERVE + work, deviceMode);
  }

  @Test
  void mountsReadsAndUnmounts() throws Exception {
    Shell.Result result =
        inNamespace(
            "cat \"$1\".log; ls \"$1\"; stat -c \"%u %g\" \"$1\"/hello; "
                + "wc -c < \"$1\"/link; touch \"$1\"/new 2> /dev/null || echo refused; "
                + "cd \"$1\"; $2 unmount \"$1\" | sed \"s/([0-9]*)/(N)/\"; cd /; "
                + "$2 unmount \"$1\"; wait $daemon; tail -n +2 \"$1\".log",
            "666");
    String expected =
        """
        mounted
        big
        dir
        hello
        link
        65534 65534
        10000
        refused
        BUSY: PATH is in use by HOLDERS; end that first
        unmounted true
        ended
        """;
    String text =
        result.text().replace(mountpoint.toString(), "PATH").replaceAll("by .*;", "by HOLDERS;");
    assertEquals(expected, text.replace("unmounted by the shutdown hook\n", ""));
    assertFalse(Mountpoints.at(mountpoint).isPresent());
  }

  @Test
  void unmountsWhenTerminated() throws Exception {
    Shell.Result result =
        inNamespace(
            "kill $daemon; wait $daemon; echo $?; grep -cF \" $1 \" /proc/self/mountinfo; "
                + "tail -1 \"$1\".log",
            "666");
    assertEquals("143\n0\nunmounted by the shutdown hook\n", result.text());
  }

  @Test
  void replacesADeadMount() throws Exception {
    Shell.Result result =
        inNamespace(
            "kill -9 $daemon; wait $daemon 2> /dev/null; ls \"$1\" 2> /dev/null || echo dead; "
                + "$2 \"$1\" > \"$1\".2 & second=$!; "
                + "for i in $(seq 600); do test -s \"$1\".2 && break; sleep 0.1; done; "
                + "cat \"$1\".2; ls \"$1\"; kill $second; wait $second",
            "666");
    assertEquals(
        "dead\nmounted\nbig\ndir\nhello\nlink\n",
        // the shell and the log have their word as well
        result.text().replaceAll("(?m)^.*(Killed|MountChecks|INFO).*\n", ""));
  }

  @Test
  void lettingOthersInIsForRoot() throws Exception {
    Shell.Result result = inNamespace("kill $daemon; wait; $2 \"$1\" allow_other", "666");
    assertEquals(
        "ACCESS_DENIED: Only root may let other users in (allow_other) unless /etc/fuse.conf has a "
            + "line 'user_allow_other'; add it\n",
        result.text());
  }

  @Test
  void aMountpointOfSomebodyElseIsRefused() throws Exception {
    Shell.Result result = inNamespace("kill $daemon; wait; $2 /usr/share nonempty", "666");
    assertEquals(
        "ACCESS_DENIED: The mountpoint /usr/share is not writable; choose a directory of your"
            + " own\n",
        result.text());
  }

  @Test
  void aClosedDeviceIsNamed() throws Exception {
    Shell.Result result = inNamespace("cat \"$1\".log", "600");
    assertEquals(
        "ACCESS_DENIED: /dev/fuse cannot be opened (/dev/fuse (Permission denied)); make it "
            + "accessible (chmod 666 /dev/fuse), or give the container the device\n",
        result.text());
  }
}
