package io.datasetfs.model;

import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of files that are not whole yet: {@code .dsfs-}, eight hexadecimal digits of the process
 * that makes them, eight random ones, {@code .tmp}.
 */
public final class TemporaryName {
  private static final Pattern FORM = Pattern.compile("\\.dsfs-([0-9a-f]{8})[0-9a-f]{8}\\.tmp");

  private TemporaryName() {}

  /** A name for this process. */
  public static String draw(RandomGenerator random) {
    return ".dsfs-%08x%08x.tmp".formatted((int) ProcessHandle.current().pid(), random.nextInt());
  }

  /** Whether a name has this form. */
  public static boolean is(String name) {
    return FORM.matcher(name).matches();
  }

  /** Whether a name has this form and its process has ended, so that nobody finishes the file. */
  public static boolean isLeft(String name) {
    Matcher form = FORM.matcher(name);
    return form.matches()
        && ProcessHandle.of(Long.parseLong(form.group(1), 16))
            .filter(ProcessHandle::isAlive)
            .isEmpty();
  }
}
