package io.datasetfs.catalog;

import io.datasetfs.model.VersionId;
import io.datasetfs.store.Retries;
import io.datasetfs.store.Sleeper;
import io.datasetfs.store.s3.S3Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Publishes versions in a process of its own: {@code main HOME DATASET LETTER COUNT}. Prints the id
 * of each that it was told is published.
 */
final class Committer implements AutoCloseable {
  private final Providers providers;
  private final Catalog catalog;

  Committer(Path home) {
    SecureRandom random = new SecureRandom();
    ConfigurationFile file = new ConfigurationFile(home.resolve("config.yaml"), Sleeper.THREAD);
    this.providers =
        new Providers(
            file,
            home.resolve("local"),
            new ProviderStores(
                file.secrets(),
                S3Limits.STANDARD,
                () -> Retries.within(Duration.ofSeconds(60), random),
                random),
            random);
    this.catalog =
        new Catalog(
            providers, random, Clock.systemUTC(), Sleeper.THREAD, new Nudge(home.resolve("nudge")));
  }

  Catalog catalog() {
    return catalog;
  }

  static Process start(Path home, String dataset, String letter, int count) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Committer.class.getName(),
                home.toString(),
                dataset,
                letter,
                Integer.toString(count)))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] arguments) throws Exception {
    try (Committer committer = new Committer(Path.of(arguments[0]))) {
      for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
        VersionId id = new VersionId(arguments[2] + "%06d".formatted(i));
        Dataset dataset = committer.catalog().require(arguments[1]);
        committer.catalog().publish(dataset, Drafts.draft(id, id.value()), Optional.empty());
        System.out.println(id);
      }
    }
  }

  @Override
  public void close() {
    providers.close();
  }
}
