package io.datasetfs.fuse.kernel;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.fuse.Connection;
import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.LibC;
import io.datasetfs.fuse.MountOptions;
import io.datasetfs.fuse.Owner;
import io.datasetfs.fuse.Unmounter;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/** A mount that speaks the kernel's own protocol. */
public final class KernelConnection implements Connection {
  private static final Logger LOG = System.getLogger(KernelConnection.class.getName());

  private final Device device;
  private final NodeTable nodes;
  private final KernelSession session;

  private KernelConnection(Device device, NodeTable nodes, KernelSession session) {
    this.device = device;
    this.nodes = nodes;
    this.session = session;
  }

  /**
   * Mounts, and begins to answer.
   *
   * @param mountId what the mount answers when it is asked which one it is
   */
  public static KernelConnection mount(
      FileSystem fs, Path mountpoint, MountOptions options, Owner owner, String mountId)
      throws FsException {
    KernelOptions kernelOptions = new KernelOptions(options);
    NodeTable nodes = new NodeTable(fs);
    Operations operations =
        new Operations(
            fs,
            nodes,
            new Answers(owner, options.entryTimeout(), options.attributeTimeout()),
            new Negotiation(kernelOptions),
            mountId);
    Device device = connect(mountpoint, options, kernelOptions);
    KernelSession session = new KernelSession(device, operations, options.threads());
    session.start();
    return new KernelConnection(device, nodes, session);
  }

  private static Device connect(Path mountpoint, MountOptions options, KernelOptions kernelOptions)
      throws FsException {
    if (LibC.INSTANCE.geteuid() == 0) {
      return DirectMount.mount(mountpoint, options.source(), kernelOptions);
    }
    Path fusermount =
        Unmounter.findFusermount()
            .orElseThrow(
                () ->
                    new FsException(
                        FailureKind.UNSUPPORTED,
                        "fusermount is not installed; install the Debian package fuse3"));
    return Fusermount.mount(fusermount, mountpoint, kernelOptions.forFusermount());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Asks nobody: the kernel was told of every directory above by this process.
   */
  @Override
  public void invalidate(String directoryPath, String name) {
    long directory = Protocol.ROOT;
    for (String step : directoryPath.split("/", -1)) {
      if (!step.isEmpty()) {
        directory = nodes.find(directory, step);
      }
      if (directory == 0) {
        return; // the kernel knows nothing of it
      }
    }
    // what is open under the name may be somebody else's name, too: its pages go first
    long node = nodes.find(directory, name);
    tell(device.forgetEntry(directory, Utf8.encode(name)), directoryPath, name);
    if (node != 0) {
      tell(device.forgetContent(node), directoryPath, name);
    }
    tell(device.forgetContent(directory), directoryPath, name);
  }

  private static void tell(int answer, String directoryPath, String name) {
    // ENOENT: the kernel knew nothing of it
    if (answer != 0 && answer != Errno.ENOENT.answer()) {
      LOG.log(
          Level.WARNING,
          "the kernel would not forget {0} in {1}: {2}",
          name,
          directoryPath,
          Errno.text(-answer));
    }
  }

  /** How many nodes the kernel knows besides the top. */
  int nodes() {
    return nodes.size();
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
