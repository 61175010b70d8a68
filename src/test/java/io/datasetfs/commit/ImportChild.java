package io.datasetfs.commit;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Imports in a process of its own: {@code main TASK HOME DATASET SOURCE}. Tells what it does on its
 * standard output: {@code begin}, {@code store} before and after each call of the store that
 * matters, {@code committed ID} or {@code failed KIND MESSAGE}.
 */
final class ImportChild {
  private static final Set<String> TOLD = Set.of("list", "putIfAbsent", "replaceIfMatch");

  private ImportChild() {}

  static List<String> command(List<String> options, Object... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto"));
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ImportChild.class.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  static Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  static BufferedReader output(Process child) {
    return new BufferedReader(
        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Lets a child end and gives the last line that it wrote. */
  static String lastLine(Process child) throws IOException, InterruptedException {
    List<String> lines;
    try (BufferedReader output = output(child)) {
      lines = output.lines().toList();
    }
    int status = child.waitFor();
    return lines.isEmpty() ? "exit status " + status : lines.get(lines.size() - 1);
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path home = Path.of(arguments[1]);
    Path source = Path.of(arguments[3]);
    boolean slow = arguments[0].equals("often");
    try (Workplace workplace = new Workplace(home, store -> telling(store, out, slow))) {
      Dataset dataset = workplace.require(new DatasetId(arguments[2]));
      out.println("begin");
      switch (arguments[0]) {
        case "once" -> run(workplace, dataset, source, out);
        case "often" -> {
          for (int i = 0; i < 30; i++) {
            run(workplace, dataset, source, out);
            change(source, i);
          }
        }
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  private static boolean isPack(Object content) {
    long size = 0;
    for (Object piece : (List<?>) content) {
      size += ((ByteBuffer) piece).remaining();
    }
    return size > 10 << 20;
  }

  private static void run(Workplace workplace, Dataset dataset, Path source, PrintStream out) {
    try {
      ResolvedVersion version = workplace.run(dataset, source);
      out.println("committed " + version.version().id());
    } catch (FsException e) {
      out.println("failed " + e.kind() + " " + e.getMessage());
    }
  }

  /** Rewrites one file of a hundred, but not the first. */
  private static void change(Path source, int round) throws IOException {
    List<Path> files;
    try (var walk = Files.walk(source)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    Random random = new Random(round);
    for (int i = round + 1; i < files.size(); i += 100) {
      byte[] content = new byte[(int) Math.min(Files.size(files.get(i)), 1 << 20)];
      random.nextBytes(content);
      Files.write(files.get(i), content);
    }
  }

  /**
   * @param slow whether to take long to store a pack, so that what waits for it piles up
   */
  private static ObjectStore telling(ObjectStore store, PrintStream out, boolean slow) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, given) -> {
              boolean told = TOLD.contains(method.getName());
              try {
                if (told) {
                  out.println("store");
                }
                if (slow && method.getName().equals("putIfAbsent")) {
                  Thread.sleep(isPack(given[1]) ? 2000 : 0);
                }
                Object result = method.invoke(store, given);
                if (told) {
                  out.println("store");
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
