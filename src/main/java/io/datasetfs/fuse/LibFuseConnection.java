package io.datasetfs.fuse;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.model.FsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;

/** A mount through libfuse 2. */
final class LibFuseConnection implements Connection {
  private static final Logger LOG = System.getLogger(LibFuseConnection.class.getName());

  private final Session session;
  private final Path mountpoint;
  private final NodeQuestions questions;

  private LibFuseConnection(Session session, Path mountpoint, NodeQuestions questions) {
    this.session = session;
    this.mountpoint = mountpoint;
    this.questions = questions;
  }

  /**
   * Mounts.
   *
   * @param mountId what the mount answers when it is asked which one it is
   */
  static LibFuseConnection mount(
      FileSystem fs, Path mountpoint, MountOptions options, Owner owner, String mountId)
      throws FsException {
    LibFuse library = LibFuse.load();
    PathWalk paths = new PathWalk(fs);
    NodeQuestions questions = new NodeQuestions();
    OpenFiles files = new OpenFiles();
    ReadOperations read = new ReadOperations(fs, paths, files, questions, owner, mountId);
    NameChanges names = new NameChanges(fs, paths);
    OperationTable operations =
        new OperationTable(
            read, names, new AttributeChanges(fs, paths, files), new FileWrites(fs, files, read));
    Session session =
        Session.mount(library, mountpoint, options.forLibfuse(), operations, files, read::closeAll);
    session.start(options.threads());
    return new LibFuseConnection(session, mountpoint, questions);
  }

  @Override
  public void invalidate(String directoryPath, String name) {
    String prefix = mountpoint + (directoryPath.equals("/") ? "" : directoryPath) + "/";
    Optional<NodeQuestions.Answer> known = questions.ask(word -> MountProbe.touch(prefix + word));
    if (known.isPresent()) {
      forget(known.get().node(), name, prefix);
      // when the kernel knew nothing of the name, that has left it the directory's attributes
      forget(known.get().node(), known.get().name(), prefix);
    }
  }

  private void forget(long node, String name, String prefix) {
    int answer = session.forget(node, name);
    // ENOENT: the kernel knew nothing of it
    if (answer != 0 && answer != Errno.ENOENT.answer()) {
      LOG.log(
          Level.WARNING,
          "the kernel would not forget " + prefix + name + ": " + Errno.text(-answer));
    }
  }

  @Override
  public boolean hasEnded() {
    return session.hasEnded();
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    session.awaitEnd();
  }

  @Override
  public boolean awaitEnd(long seconds) throws InterruptedException {
    return session.awaitEnd(seconds);
  }
}
