package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.SampleFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The tree, as the usual programs see it. */
@ParameterizedClass
@EnumSource(Transport.class)
class ListingTest {
  private static final int HUGE = 200_000;

  private static Mounted mounted;

  @Parameter Transport transport;

  @TempDir Path temporary;

  @BeforeParameterizedClassInvocation
  static void mount(Transport transport) throws Exception {
    SampleFileSystem fs =
        new SampleFileSystem()
            .file("a/file", 1234, 1)
            .file("a/b/program", 10, 2, 0755)
            .file("a/b/secret", 10, 3, 0600)
            .file("a/b/c/d/e/f/deep", 10, 4)
            .directory("a/empty")
            .link("a/link", "b/program")
            .link("a/dangling", "nowhere/at all")
            .link("a/up", "../a/b")
            .file("a/with blank and\nnewline", 5, 5)
            .hugeDirectory("huge", HUGE);
    mounted = Mounted.with(transport, fs);
  }

  @AfterParameterizedClassInvocation
  static void unmount() throws Exception {
    mounted.close();
    assertEquals(0, mounted.fs().openDirectories());
  }

  @Test
  void statTellsAll() throws Exception {
    assertEquals(
        "regular file 755 1 0 0 10 2009-02-13 23:31:30.123456789 +0000\n",
        Shell.succeed("TZ=UTC stat -c '%F %a %h %u %g %s %y' \"$1\"", mounted.path("a/b/program")));
    assertEquals(
        "directory 755\n", Shell.succeed("stat -c '%F %a' \"$1\"", mounted.path("a/empty")));
    assertEquals(
        "symbolic link 777 9\n",
        Shell.succeed("stat -c '%F %a %s' \"$1\"", mounted.path("a/link")));
  }

  @Test
  void listsRecursively() throws Exception {
    String listing = Shell.succeed("cd \"$1\" && ls -lR a", mounted.path());
    assertTrue(listing.contains("link -> b/program"), listing);
    assertTrue(listing.contains("a/b/c/d/e/f:"), listing);
    String found =
        Shell.succeed(
            "cd \"$1\" && find a -type f | wc -l; find a -type d | wc -l; "
                + "find a -type l | wc -l",
            mounted.path());
    assertEquals("6\n7\n3\n", found); // the newline in one name makes a line more
  }

  @Test
  void linksAreFollowed() throws Exception {
    assertEquals("b/program\n", Shell.succeed("readlink \"$1\"", mounted.path("a/link")));
    assertEquals("nowhere/at all\n", Shell.succeed("readlink \"$1\"", mounted.path("a/dangling")));
    assertEquals(10, Files.readAllBytes(mounted.path("a/up/secret")).length);
  }

  @Test
  void entriesHaveTheNumbersThatStatHas() throws Exception {
    String script =
        "cd \"$1\" && ls -ai | sed 's/^ *//' | grep -v '\\.$' | sort > \"$2\"/listed; "
            + "stat -c '%i %n' * | sort > \"$2\"/stat; diff \"$2\"/listed \"$2\"/stat";
    assertEquals("", Shell.succeed(script, mounted.path("a/b"), temporary));
    assertEquals(
        "",
        Shell.succeed(
            "cd \"$1\"; ls -ai | sed 's/^ *//' | head -2 > \"$2\"/dots; "
                + "stat -c '%i %n' . .. | diff - \"$2\"/dots",
            mounted.path("a/b"), temporary));
  }

  @Test
  void copiesAreEqual() throws Exception {
    Shell.succeed(
        "cp -a \"$1\"/a \"$2\"/copy && diff -r --no-dereference \"$1\"/a \"$2\"/copy",
        mounted.path(),
        temporary);
    Shell.succeed(
        "tar -C \"$1\" -cf \"$2\"/t.tar a && mkdir \"$2\"/x && tar -C \"$2\"/x -xpf \"$2\"/t.tar "
            + "&& diff -r --no-dereference \"$1\"/a \"$2\"/x/a",
        mounted.path(),
        temporary);
    assertEquals(
        Shell.succeed(
            "cd \"$1\"/a && find . -printf '%p %y %m %s %T@ %l\\n' | grep -v ' d ' | sort",
            mounted.path()),
        Shell.succeed(
                "cd \"$1\"/x/a && find . -printf '%p %y %m %s %T@ %l\\n' | grep -v ' d ' | sort"
                    + " | sed 's/[.]123456700[0]* /.1234567890 /'",
                temporary)
            .replace(".0000000000 ", ".1234567890 "));
  }

  @Test
  void hugeDirectoriesAreListedWhole() throws Exception {
    List<String> names = Shell.succeed("ls -U \"$1\"", mounted.path("huge")).lines().toList();
    List<String> expected =
        IntStream.range(0, HUGE).mapToObj(i -> String.format("entry-%06d", i)).toList();
    // the lists are too long to print
    assertTrue(expected.equals(names), names.size() + " names");
  }

  @Test
  void aListingMayStopAndGoOn() throws Exception {
    assertEquals(
        "entry-000000\nentry-000001\n",
        Shell.succeed("ls -U \"$1\" 2> /dev/null | head -2", mounted.path("huge")));
    assertTrue(Files.exists(mounted.path("huge/entry-199999")));
    assertFalse(Files.exists(mounted.path("huge/entry-200000")));
  }

  @Test
  void dfTellsTheSpace() throws Exception {
    assertEquals(
        "fuseblk or fuse 4096 1000000 250000 250000 77 33 255\n",
        Shell.succeed("stat -f -c 'fuseblk or fuse %S %b %f %a %c %d %l' \"$1\"", mounted.path()));
    String line = Shell.succeed("df --output=source,fstype \"$1\" | tail -1", mounted.path());
    assertEquals("datasetfs fuse.dsfs", line.strip().replaceAll(" +", " "));
  }
}
