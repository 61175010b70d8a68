package io.datasetfs.cli;

import picocli.CommandLine.IVersionProvider;

/** The release, from the jar's manifest. */
final class ReleaseVersion implements IVersionProvider {
  /** The line that {@code --version} prints. */
  static String line() {
    String version = ReleaseVersion.class.getPackage().getImplementationVersion();
    return "dsfs " + (version == null ? "(not from a release)" : version);
  }

  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }
}
