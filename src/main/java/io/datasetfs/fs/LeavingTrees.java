package io.datasetfs.fs;

import io.datasetfs.model.DatasetId;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The trees of committed versions that are there only for who still uses them. What the kernel
 * remembers of one keeps its files on the disk, and the kernel has no reason to forget it when its
 * last user has gone: below a directory that has lost its name, everything that was in use, or has
 * been looked up since, stays until memory is short. So the directory gets a name again, by a
 * lookup that leads to it, and that name is taken back, at which the kernel lets go of all below
 * that is not in use. This is repeated until nothing is left. Thread-safe.
 */
final class LeavingTrees {
  private static final System.Logger LOG = System.getLogger(LeavingTrees.class.getName());

  private static final int FIRST_SECONDS = 1;
  private static final int MOST_SECONDS = 30;
  private static final int IDLE_SECONDS = 10;

  /**
   * Serves nobody: the kernel may hold locks that a name's end needs until requests are answered.
   */
  private final ScheduledThreadPoolExecutor teller =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "dsfs-leaving");
            thread.setDaemon(true);
            return thread;
          });

  private final Set<StagedTree> trees = ConcurrentHashMap.newKeySet();

  /** Those that have a name again at the moment. */
  private final Map<Name, StagedTree> named = new ConcurrentHashMap<>();

  private volatile Pruner pruner;

  private record Name(DatasetId dataset, String name) {}

  LeavingTrees() {
    teller.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    teller.allowCoreThreadTimeOut(true);
  }

  /** Names the one that is asked from now on to make the kernel forget. */
  void pruneWith(Pruner newPruner) {
    pruner = newPruner;
  }

  /** Begins to have a tree forgotten. */
  void add(StagedTree tree) {
    trees.add(tree);
    schedule(tree, FIRST_SECONDS);
  }

  /** Ends that. */
  void remove(StagedTree tree) {
    trees.remove(tree);
  }

  /** What a name in a dataset's directory leads to while its tree is being forgotten. */
  Optional<StagedNode> find(DatasetId dataset, String name) {
    return named.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(named.get(new Name(dataset, name))).map(StagedTree::root);
  }

  private void schedule(StagedTree tree, int seconds) {
    Future<?> unused =
        teller.schedule(
            () -> {
              if (trees.contains(tree)) {
                prune(tree);
                schedule(tree, Math.min(MOST_SECONDS, 2 * seconds));
              }
            },
            seconds,
            TimeUnit.SECONDS);
  }

  private void prune(StagedTree tree) {
    Pruner by = pruner;
    if (by == null || !tree.isRemembered()) {
      return;
    }
    DatasetId dataset = tree.dataset().id();
    Name name = new Name(dataset, DatasetEntry.stagedName(tree.record().id()));
    named.put(name, tree);
    try {
      by.prune("/" + dataset, name.name());
    } catch (RuntimeException e) { // which would end all further trying
      LOG.log(Level.ERROR, "having " + tree.record().id() + " forgotten", e);
    } finally {
      named.remove(name);
    }
  }
}
