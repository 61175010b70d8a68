package io.datasetfs.daemon;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * What the program loads at its start, kept in an archive: tests that start hundreds of processes
 * spend most of their time on that. One for all tests of this process.
 */
public final class ClassArchive {
  private static final String OPTIONS = "-Xmx192m -XX:TieredStopAtLevel=1 -Xlog:disable ";

  private static ClassArchive shared;

  private final String classPath;
  private final Path archive;

  private ClassArchive(Path directory) throws IOException, InterruptedException {
    classPath = jars(directory);
    archive = directory.resolve("classes.jsa");
    Daemon daemon = new Daemon(directory, OPTIONS, classPath);
    try {
      String said =
          daemon.run(
              """
              dsfs datasets create --name=d; v=$(dsfs datasets versions create --id=d); v=${v#*: }
              mkdir mnt; JAVA_TOOL_OPTIONS=-XX:ArchiveClassesAtExit=$PWD/classes.jsa dsfs mount --foreground mnt &
              for i in $(seq 600); do test -d mnt/d && break; sleep 0.05; done
              echo x > mnt/d/${v#*:}/x && dsfs datasets versions commit --id=$v; cat mnt/d/latest/x
              kill $!; wait
              """);
      if (Files.notExists(archive)) {
        throw new AssertionError("no archive of classes: " + said);
      }
    } finally {
      daemon.clean();
    }
  }

  /** The archive, made when it is first asked for. */
  public static synchronized ClassArchive shared() {
    if (shared == null) {
      try {
        Path directory = Files.createTempDirectory("dsfs-classes-").toRealPath();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "delete-classes"));
        shared = new ClassArchive(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
    return shared;
  }

  /** The program, which starts with what is in the archive. */
  public Daemon program(Path directory) throws IOException {
    return new Daemon(directory, OPTIONS + "-XX:SharedArchiveFile=" + archive, classPath);
  }

  /** Only what is in jars can be archived; the tests' own classes are not needed. */
  private static String jars(Path directory) {
    List<String> path = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (element.endsWith(".jar")) {
        path.add(element);
      } else if (Files.exists(Path.of(element, "io/datasetfs/cli/Main.class"))) {
        String jar = directory.resolve("program.jar").toString();
        ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
        if (tool.run(System.out, System.err, "--create", "--file=" + jar, "-C", element, ".")
            != 0) {
          throw new AssertionError("cannot make a jar of " + element);
        }
        path.add(0, jar);
      }
    }
    return String.join(File.pathSeparator, path);
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
