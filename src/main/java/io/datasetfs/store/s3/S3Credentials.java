package io.datasetfs.store.s3;

import io.datasetfs.model.FsException;

/** Where requests get what they are signed with. */
public sealed interface S3Credentials {
  /** The SDK's default chain: environment, shared files, web identity, container, instance. */
  record Standard() implements S3Credentials {}

  /**
   * A profile of the shared files of the AWS tools.
   *
   * @param name its name
   */
  record Profile(String name) implements S3Credentials {}

  /**
   * Keys that were given to this program.
   *
   * @param source asked before each request, so that changed keys are used at once
   */
  record Given(KeySource source) implements S3Credentials {}

  /** Says which keys to use now. */
  @FunctionalInterface
  interface KeySource {
    /**
     * The keys; quick, since every request asks.
     *
     * @throws FsException when they can't be had
     */
    S3Keys load() throws FsException;
  }
}
