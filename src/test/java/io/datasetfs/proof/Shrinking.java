package io.datasetfs.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Looks for fewer steps that fail as well. */
final class Shrinking {
  private Shrinking() {}

  /** Does steps from the beginning. */
  interface Trial {
    /** Whether they fail. */
    boolean fails(List<Step> steps) throws Exception;
  }

  /**
   * Leaves out ever smaller parts as long as the rest fails.
   *
   * @param enough says when to be content
   */
  static List<Step> shrink(List<Step> failing, Trial trial, BooleanSupplier enough)
      throws Exception {
    List<Step> steps = failing;
    for (int part = Math.max(1, steps.size() / 2); part > 0; part /= 2) {
      for (int from = 0; from < steps.size() && !enough.getAsBoolean(); ) {
        List<Step> fewer = new ArrayList<>(steps.subList(0, from));
        fewer.addAll(steps.subList(Math.min(steps.size(), from + part), steps.size()));
        if (!fewer.isEmpty() && trial.fails(fewer)) {
          steps = fewer;
        } else {
          from += part;
        }
      }
    }
    return steps;
  }
}
