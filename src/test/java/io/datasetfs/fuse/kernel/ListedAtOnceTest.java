package io.datasetfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.SampleFileSystem;
import io.datasetfs.fuse.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Directories that come with the attributes of what is in them, and what the kernel keeps. */
@Timeout(120)
class ListedAtOnceTest {
  private static final int HUGE = 50_000;
  private static final int WIDE = 3000;

  private final SampleFileSystem fs = new SampleFileSystem();

  @TempDir Path temporary;

  private Watched mount;

  @BeforeEach
  void mount() throws Exception {
    for (int i = 0; i < WIDE; i++) {
      fs.file("fixed/wide/file-" + i, i, i);
    }
    fs.hugeDirectory("fixed/huge", HUGE);
    fs.file("fixed/deep/er/file", 100_000, 1).link("fixed/link", "deep/er");
    fs.freeze("fixed");
    fs.file("moving/file", 5, 1).link("moving/link", "file");
    mount = new Watched(fs);
  }

  @AfterEach
  void unmount() throws Exception {
    mount.close();
    assertEquals(0, fs.openDirectories());
    assertEquals(0, fs.openFiles());
  }

  @Test
  void lookingAtEveryEntryAsksForNone() throws Exception {
    String listing = Shell.succeed("ls -lR \"$1\"", mount.path("fixed"));
    assertTrue(listing.lines().count() > HUGE + WIDE);
    assertEquals(1, mount.calls("lookup"));
    // a page at a time until the asker is seen to look: some dozens before that
    assertTrue(mount.calls("getAttributes") < 100, mount.calls("getAttributes") + "");
    Shell.succeed("find \"$1\" -size +1k | wc -l", mount.path("fixed"));
    assertEquals(1, mount.calls("lookup"));
  }

  @Test
  void whatIsListedIsWhatLookupsTell() throws Exception {
    String script = "cd \"$1\" && find . -printf '%p %y %m %n %U %G %s %b %T@ %C@ %i %l\\n' | sort";
    String listed = Shell.succeed(script, mount.path("fixed"));
    String all = "cd \"$1\"; find . | sort | xargs -d '\\n' stat --printf '%i %s %f %Y %n\\n'";
    String known = Shell.succeed(all, mount.path("fixed"));
    int lookups = mount.calls("lookup");
    mount.connection().invalidate("/", "fixed"); // and the kernel has forgotten all of it
    // in the order of names, without listing
    String asked =
        Shell.succeed(
            "cd \"$1\"; cut -d' ' -f1 \"$2\" | xargs -d '\\n' stat --printf '%i %s %f %Y %n\\n'",
            mount.path("fixed"), Files.writeString(temporary.resolve("names"), listed));
    assertEquals(known, asked);
    assertTrue(mount.calls("lookup") >= lookups + HUGE + WIDE);
  }

  @Test
  void positionsStay() throws Exception {
    String script =
        """
        opendir my $d, $ARGV[0] or die $!;
        my (@names, @places);
        while (1) {
          push @places, telldir $d;
          my $name = readdir $d;
          last unless defined $name;
          push @names, $name;
        }
        for (my $i = $#names; $i >= 0; $i -= 97) {
          seekdir $d, $places[$i];
          my $name = readdir $d;
          die "$i: $name, not $names[$i]" unless $name eq $names[$i];
        }
        rewinddir $d;
        die "rewound" unless readdir $d eq ".";
        print scalar(@names), "\\n";
        """;
    Path file = Files.writeString(temporary.resolve("positions.pl"), script);
    for (int i = 0; i < 3; i++) { // from here, and from the kernel's memory
      String printed = Shell.succeed("perl \"$1\" \"$2\"", file, mount.path("fixed/huge"));
      assertEquals(HUGE + 2 + "\n", printed);
    }
    assertEquals("4\n", Shell.succeed("perl \"$1\" \"$2\"", file, mount.path("moving")));
  }

  @Test
  void theKernelKeepsListingsTargetsAndAbsencesOfWhatNeverChanges() throws Exception {
    Shell.succeed("ls \"$1\" \"$1\"/wide > \"$2\"/1", mount.path("fixed"), temporary);
    Shell.succeed("cat \"$1\"/link/file > \"$2\"/a", mount.path("fixed"), temporary);
    assertFalse(Files.exists(mount.path("fixed/nothing")));
    int listed = mount.calls("readDirectory");
    int targets = mount.calls("readLink");
    int lookups = mount.calls("lookup");
    assertTrue(targets == 1 && listed > 0);
    Shell.succeed("ls \"$1\" \"$1\"/wide | diff - \"$2\"/1", mount.path("fixed"), temporary);
    Shell.succeed("cmp \"$1\"/link/file \"$2\"/a", mount.path("fixed"), temporary);
    assertFalse(Files.exists(mount.path("fixed/nothing")));
    assertEquals(listed, mount.calls("readDirectory"));
    assertEquals(targets, mount.calls("readLink"));
    assertEquals(lookups, mount.calls("lookup"));
  }

  @Test
  void whatMayChangeIsListedAnew() throws Exception {
    assertEquals("file\nlink\n", Shell.succeed("ls \"$1\"", mount.path("moving")));
    assertFalse(Files.exists(mount.path("moving/new")));
    fs.file("moving/new", 5, 2);
    assertTrue(Files.exists(mount.path("moving/new")));
    assertEquals("file\nlink\nnew\n", Shell.succeed("ls \"$1\"", mount.path("moving")));
  }

  @Test
  void anOldListingIsNotRemembered() throws Exception {
    // a listing that was begun before a change tells of the old; the kernel must not keep that
    fs.hugeDirectory("moving/huge", 2000);
    String script =
        """
        opendir my $d, $ARGV[0] or die $!;
        readdir $d;
        print "open\\n";
        $| = 1;
        <STDIN>;
        1 while defined readdir $d;
        print -e "$ARGV[0]/zzz-last" ? "there" : "gone", "\\n";
        """;
    for (int i = 0; i < 1500; i++) {
      fs.file("moving/name-" + i, 1, 1);
    }
    fs.file("moving/zzz-last", 1, 1);
    Path file = Files.writeString(temporary.resolve("old.pl"), script.replace("$| = 1;\n", ""));
    Process perl =
        new ProcessBuilder("perl", "-e", "$|=1; do $ARGV[1]", mount.path("moving") + "", file + "")
            .redirectErrorStream(true)
            .start();
    try {
      assertEquals("open", perl.inputReader().readLine());
      fs.remove("moving/zzz-last");
      mount.connection().invalidate("/moving", "zzz-last");
      perl.getOutputStream().write('\n');
      perl.getOutputStream().close();
      assertEquals("gone", perl.inputReader().readLine());
    } finally {
      perl.destroyForcibly().waitFor();
    }
  }

  @Test
  void nodesGoWhenTheKernelForgetsThem() throws Exception {
    Shell.succeed("ls -lR \"$1\" > /dev/null; cat \"$1\"/fixed/wide/* > /dev/null", mount.path(""));
    assertTrue(mount.connection().nodes() > HUGE + WIDE, mount.connection().nodes() + " nodes");
    mount.connection().invalidate("/", "fixed");
    mount.connection().invalidate("/", "moving");
    for (int i = 0; i < 1000 && mount.connection().nodes() > 0; i++) {
      Thread.sleep(20); // forgetting is told later, many at once
    }
    assertEquals(0, mount.connection().nodes());
    Shell.succeed("ls -l \"$1\"/fixed/wide > /dev/null", mount.path(""));
    assertTrue(mount.connection().nodes() > WIDE);
  }
}
