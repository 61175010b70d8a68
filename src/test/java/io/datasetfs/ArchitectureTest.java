package io.datasetfs;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the directions of imports between packages, and each library to the package it is for. */
class ArchitectureTest {
  private static final String ROOT = "io.datasetfs";

  /** What each package builds on directly; it may use what lies below those as well. */
  private static final Map<String, List<String>> BUILDS_ON =
      Map.ofEntries(
          Map.entry("cli", List.of("daemon")),
          Map.entry("daemon", List.of("fuse", "commit")),
          Map.entry("fuse", List.of("fs")),
          Map.entry("fs", List.of("read", "staging", "catalog")),
          Map.entry("commit", List.of("staging", "catalog", "format", "store")),
          Map.entry("read", List.of("cache", "format", "store")),
          Map.entry("catalog", List.of("format", "store")),
          Map.entry("staging", List.of("read")),
          Map.entry("cache", List.of("model")),
          Map.entry("format", List.of("model")),
          Map.entry("store", List.of("model")),
          Map.entry("model", List.of()));

  /** A library's package, and the packages of this project that may use it. */
  static final List<Confined> CONFINED =
      List.of(
          // Persisted data meets Jackson in format alone; cli prints with it for --json.
          new Confined("com.fasterxml.jackson..", "format", "cli"),
          new Confined("org.yaml.snakeyaml..", "format"),
          new Confined("com.github.benmanes.caffeine..", "cache"),
          // Staging calls what the JDK has no call for: fallocate, lseek for holes, flock.
          new Confined("jnr..", "fuse", "staging"),
          new Confined("org.sqlite..", "staging"),
          new Confined("java.sql..", "staging"),
          new Confined("com.kenai.jffi..", "fuse"),
          new Confined("ru.serce.jnrfuse..", "fuse"),
          new Confined("software.amazon.awssdk..", "store.s3"),
          new Confined("org.apache.hc..", "store.s3"),
          new Confined("picocli..", "cli"),
          new Confined("me.tongfei.progressbar..", "cli"),
          new Confined("org.jline..", "cli"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  record Confined(String library, String... users) {
    @Override
    public String toString() {
      return library + " only in " + String.join(", ", users);
    }
  }

  static Stream<String> packages() {
    return BUILDS_ON.keySet().stream().sorted();
  }

  @Test
  void thereAreClassesToLookAt() {
    assertTrue(CLASSES.contain(ROOT + ".model.FsException"), "nothing was imported");
  }

  @Test
  void everyClassIsInAPackageThatHasItsPlace() {
    classes()
        .should()
        .resideInAnyPackage(packages().map(ArchitectureTest::within).toArray(String[]::new))
        .check(CLASSES);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void importsPointDown(String name) {
    Collection<String> allowed = below(name);
    allowed.add(name);
    noClasses()
        .that()
        .resideInAPackage(within(name))
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(not(resideInAnyPackage(within(allowed))))
                .as("are not in one of %s", allowed))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /**
   * Between the packages of the table; commands in subpackages of cli are entered in cli's tree.
   */
  @Test
  void packagesAreFreeOfCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @ParameterizedTest
  @FieldSource("CONFINED")
  void libraryStaysInItsPlace(Confined confined) {
    noClasses()
        .that(not(resideInAnyPackage(within(List.of(confined.users())))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(confined.library())
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl|Data)").check(CLASSES);
  }

  private static String within(String name) {
    return ROOT + "." + name + "..";
  }

  private static String[] within(Collection<String> names) {
    return names.stream().map(ArchitectureTest::within).toArray(String[]::new);
  }

  private static Collection<String> below(String name) {
    Collection<String> found = new TreeSet<>(List.of("model"));
    for (String direct : BUILDS_ON.get(name)) {
      found.add(direct);
      found.addAll(below(direct));
    }
    return found;
  }
}
