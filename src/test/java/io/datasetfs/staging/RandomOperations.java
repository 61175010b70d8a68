package io.datasetfs.staging;

import java.util.Random;

/** Does one random thing after the other to a {@link Pair}, and compares what came of it. */
final class RandomOperations {
  private final Pair pair;
  private final Random random;
  private final RandomStep step;
  private final NameOperations names;
  private final AttributeOperations attributes;
  private final FileOperations files;

  /**
   * @param seeks whether to compare where holes are
   */
  RandomOperations(Pair pair, Random random, boolean seeks) {
    this.pair = pair;
    this.random = random;
    this.step = new RandomStep(random);
    this.files = new FileOperations(pair, random, step, seeks);
    this.names = new NameOperations(pair, random, step, files);
    this.attributes = new AttributeOperations(pair, random, step);
  }

  /** What was done last. */
  String last() {
    return step.last();
  }

  void one() throws Exception {
    String path = step.anyPath();
    String other = step.anyPath();
    int what = random.nextInt(100);
    if (what < 12) {
      names.makeDirectory(path);
    } else if (what < 24) {
      names.create(path);
    } else if (what < 28) {
      names.makeSpecial(path);
    } else if (what < 36) {
      names.remove(path, random.nextBoolean());
    } else if (what < 48) {
      names.rename(path, other, random.nextInt(3));
    } else if (what < 53) {
      names.link(path, other);
    } else if (what < 65) {
      attributes.changeAttributes(path);
    } else if (what < 70) {
      attributes.changeExtended(path);
    } else if (what < 76) {
      files.open(path);
    } else if (!pair.handles.isEmpty()) {
      files.useHandle(pair.handles.get(random.nextInt(pair.handles.size())));
    }
  }
}
