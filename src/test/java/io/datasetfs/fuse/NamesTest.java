package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.SampleFileSystem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** File names are UTF-8, whatever the daemon's locale. */
@ParameterizedClass
@EnumSource(Transport.class)
class NamesTest {
  @Parameter Transport transport;

  @TempDir Path temporary;

  @Test
  void aDaemonInTheCLocaleServesAllNames() throws Exception {
    Path path = Files.createDirectory(temporary.resolve("mount"));
    try (Child child =
        Child.start(transport, path, Map.of("LC_ALL", "C"), "-Dfile.encoding=US-ASCII")) {
      assertEquals("mounted", child.line());
      assertEquals(
          "big\ndir\nhello\nlink\n/größe-日本.txt\n".replace("/", "dir/"),
          Shell.succeed("cd \"$1\"; ls; ls dir/*", path));
      assertEquals("dir/größe-日本.txt\n", Shell.succeed("readlink \"$1/link\"", path));
      byte[] expected = SampleFileSystem.content(2, 0, 10_000);
      assertArrayEquals(expected, Shell.run("cat \"$1\"/link", path).bytes());
      assertArrayEquals(
          expected, Shell.run("cat \"$1\"/dir/$'gr\\303\\266\\303\\237e-日本.txt'", path).bytes());
      child.terminate();
      assertEquals(143, child.status());
    }
  }

  @Test
  @Tag("promise-16")
  void namesThatAreNotUtf8AreRefused() throws Exception {
    try (Mounted mounted = Mounted.with(transport, new SampleFileSystem().directory("dir"))) {
      for (String command :
          new String[] {
            "cat $'\\377'",
            "ls dir/$'latin\\351'",
            "touch $'\\303'",
            "mkdir dir/$'\\355\\240\\200'",
            "cat dir/$'\\300\\257'"
          }) {
        Shell.Result result = Shell.run("cd \"$1\"; " + command, mounted.path());
        assertTrue(
            result.errors().contains("Invalid or incomplete multibyte"),
            command + ": " + result.errors());
      }
      // U+FFFD itself is a valid name
      assertTrue(
          Shell.run("cat \"$1\"/$'\\357\\277\\275'", mounted.path())
              .errors()
              .contains("No such file"));
    }
  }

  @Test
  void lengthsAreThoseOfOtherFileSystems() throws Exception {
    String longest = "ü".repeat(127) + "x";
    assertEquals(255, longest.getBytes(StandardCharsets.UTF_8).length);
    try (Mounted mounted = Mounted.with(transport, new SampleFileSystem().file(longest, 5, 1))) {
      assertEquals(longest + "\n", Shell.succeed("ls \"$1\"", mounted.path()));
      assertEquals(5, Shell.run("cat \"$1/$2\"", mounted.path(), longest).bytes().length);
      for (String tooLong : new String[] {longest + "y", "z".repeat(2000)}) {
        assertTrue(
            Shell.run("cat \"$1/$2\"", mounted.path(), tooLong)
                .errors()
                .contains("File name too long"));
      }
    }
  }
}
