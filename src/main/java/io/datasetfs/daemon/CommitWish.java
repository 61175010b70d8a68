package io.datasetfs.daemon;

import java.time.Duration;
import java.util.Optional;

/**
 * How to commit a version.
 *
 * @param message what the committed version says; may be empty
 * @param tag a tag that is to point to it from the same moment
 * @param patience how long to wait for who has files open for writing
 */
public record CommitWish(String message, Optional<String> tag, Duration patience) {}
