package io.datasetfs.commit;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.store.ObjectStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Commits in a process of its own: {@code main HOME DATASET VERSION STOP}. A step is a moment
 * before or after one of the calls of the store that a commit consists of; at the step of number
 * {@code STOP} the process says {@code stopped CALL} and waits to be killed. If it never comes
 * there it says {@code committed}.
 */
final class CommitChild {
  private static final Set<String> STEPS = Set.of("list", "putIfAbsent", "replaceIfMatch");

  private CommitChild() {}

  /** Runs until it stops or ends, kills it, and gives the last line that it wrote. */
  static String runAndKill(Path home, DatasetId dataset, VersionId version, int stop)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CommitChild.class.getName()));
    command.addAll(
        List.of(home.toString(), dataset.toString(), version.toString(), Integer.toString(stop)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process child = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      String last = "";
      String line = output.readLine();
      while (line != null) {
        last = line;
        line = line.startsWith("stopped") ? null : output.readLine();
      }
      child.toHandle().destroyForcibly(); // Process would close the pipe, too
      return last;
    } finally {
      child.destroyForcibly();
      child.waitFor();
    }
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    try (StagedPlace place =
            new StagedPlace(
                Path.of(arguments[0]),
                store -> stopping(store, left, out),
                new DatasetId(arguments[1]));
        StagedVersion files = place.open(new VersionId(arguments[2]))) {
      left.set(Integer.parseInt(arguments[3]));
      ResolvedVersion committed = place.commit(files);
      out.println("committed " + committed.id());
    } catch (FsException e) {
      out.println("failed " + e.kind() + " " + e.getMessage());
    }
  }

  private static ObjectStore stopping(ObjectStore store, AtomicInteger left, PrintStream out) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, given) -> {
              boolean step = STEPS.contains(method.getName());
              try {
                if (step) {
                  countDown(left, "before " + method.getName(), out);
                }
                Object result = method.invoke(store, given);
                if (step) {
                  countDown(left, "after " + method.getName(), out);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static synchronized void countDown(AtomicInteger left, String where, PrintStream out)
      throws InterruptedException {
    if (left.decrementAndGet() == 0) {
      out.println("stopped " + where);
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
