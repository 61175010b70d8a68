package io.datasetfs.fs;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.SeekMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A file system for tests of what is above it: directories, links and files of any length whose
 * content is computed when it is read. Thread-safe. All of it refuses writes.
 */
public final class SampleFileSystem implements FileSystem {
  /** When everything was changed last. */
  public static final Instant TIME = Instant.ofEpochSecond(1_234_567_890L, 123_456_789);

  private static final int PERIOD = (1 << 20) + 7;
  private static final ByteBuffer PATTERN = pattern();

  private final AtomicLong numbers = new AtomicLong(1);
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger openDirectories = new AtomicInteger();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong largestRead = new AtomicLong();
  private final Directory root = new Directory();

  private static ByteBuffer pattern() {
    byte[] bytes = new byte[2 * PERIOD];
    byte[] once = new byte[PERIOD];
    new Random(1).nextBytes(once);
    System.arraycopy(once, 0, bytes, 0, PERIOD);
    System.arraycopy(once, 0, bytes, PERIOD, PERIOD);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer();
  }

  /** Anything with a number. */
  private abstract class Node implements Inode {
    private final long number = numbers.getAndIncrement();
    private volatile boolean frozen;

    @Override
    public long number() {
      return number;
    }

    @Override
    public boolean immutable() {
      return frozen;
    }

    void freeze() {
      frozen = true;
    }

    abstract Attributes attributes();

    Attributes attributes(FileType type, int mode, int links, long size) {
      return new Attributes(number, type, mode, links, size, (size + 511) / 512, TIME, TIME);
    }
  }

  private final class Directory extends Node {
    private final Map<String, Node> entries = new ConcurrentSkipListMap<>();

    @Override
    void freeze() {
      super.freeze();
      entries.values().forEach(Node::freeze);
    }

    @Override
    Attributes attributes() {
      return attributes(FileType.DIRECTORY, 0755, 2 + entries.size(), 4096);
    }
  }

  /** So many entries that nobody wants them in memory at once. */
  private final class HugeDirectory extends Node {
    private final int count;
    private final long first;

    HugeDirectory(int count) {
      this.count = count;
      first = numbers.getAndAdd(count);
    }

    @Override
    Attributes attributes() {
      return attributes(FileType.DIRECTORY, 0755, 2, 4096);
    }

    Node entry(int index) {
      return new HugeEntry(first + index, immutable());
    }
  }

  private final class HugeEntry extends Node {
    private final long own;

    HugeEntry(long own, boolean frozen) {
      this.own = own;
      if (frozen) {
        freeze();
      }
    }

    @Override
    public long number() {
      return own;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof HugeEntry entry && own == entry.own;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(own);
    }

    @Override
    Attributes attributes() {
      return new Attributes(own, FileType.REGULAR, 0644, 1, 0, 0, TIME, TIME);
    }
  }

  private final class File extends Node {
    private final long size;
    private final int seed;
    private final int mode;
    private final boolean immutable;
    private final Supplier<Throwable> failure;

    File(long size, int seed, int mode, boolean immutable, Supplier<Throwable> failure) {
      this.size = size;
      this.seed = seed;
      this.mode = mode;
      this.immutable = immutable;
      this.failure = failure;
    }

    @Override
    Attributes attributes() {
      return attributes(FileType.REGULAR, mode, 1, size);
    }
  }

  private final class Link extends Node {
    private final String target;

    Link(String target) {
      this.target = target;
    }

    @Override
    Attributes attributes() {
      return attributes(FileType.SYMLINK, 0777, 1, target.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  private record Opened(SampleFileSystem owner, File file) implements OpenFile {
    @Override
    public boolean immutable() {
      return file.immutable;
    }

    @Override
    public void close() {
      owner.open.decrementAndGet();
    }
  }

  private record Listed(SampleFileSystem owner, Node directory, List<Map.Entry<String, Node>> names)
      implements OpenDirectory {
    @Override
    public boolean immutable() {
      return directory.immutable();
    }

    @Override
    public void close() {
      owner.openDirectories.decrementAndGet();
    }
  }

  /** Adds a directory, and those above it. */
  public SampleFileSystem directory(String path) {
    Directory at = root;
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty()) {
        at = (Directory) at.entries.computeIfAbsent(name, key -> new Directory());
      }
    }
    return this;
  }

  private SampleFileSystem put(String path, Function<String, Node> node) {
    int slash = path.lastIndexOf('/');
    String parent = path.substring(0, Math.max(0, slash));
    directory(parent);
    find(parent).entries.put(path.substring(slash + 1), node.apply(path));
    return this;
  }

  private Directory find(String path) {
    Directory at = root;
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty()) {
        at = (Directory) at.entries.get(name);
      }
    }
    return at;
  }

  /** Adds an immutable file whose content follows from its length and {@code seed}. */
  public SampleFileSystem file(String path, long size, int seed) {
    return put(path, key -> new File(size, seed, 0644, true, null));
  }

  /** Adds a file whose content may change between two opens. */
  public SampleFileSystem mutableFile(String path, long size, int seed) {
    return put(path, key -> new File(size, seed, 0644, false, null));
  }

  /** Adds a file of other permissions. */
  public SampleFileSystem file(String path, long size, int seed, int mode) {
    return put(path, key -> new File(size, seed, mode, true, null));
  }

  /** Adds a file whose reading fails. */
  public SampleFileSystem failing(String path, long size, Supplier<Throwable> failure) {
    return put(path, key -> new File(size, 0, 0644, true, failure));
  }

  /** Adds a symbolic link. */
  public SampleFileSystem link(String path, String target) {
    return put(path, key -> new Link(target));
  }

  /** Adds a directory of so many empty files, {@code entry-000000} and on. */
  public SampleFileSystem hugeDirectory(String path, int count) {
    return put(path, key -> new HugeDirectory(count));
  }

  /** Makes a directory and all that is in it now immutable, as a committed version is. */
  public SampleFileSystem freeze(String path) {
    int slash = path.lastIndexOf('/');
    find(path.substring(0, Math.max(0, slash))).entries.get(path.substring(slash + 1)).freeze();
    return this;
  }

  /** Removes a name and what is below it. */
  public void remove(String path) {
    int slash = path.lastIndexOf('/');
    find(path.substring(0, Math.max(0, slash))).entries.remove(path.substring(slash + 1));
  }

  /** The content of a file of this seed. */
  public static void fill(int seed, long offset, ByteBuffer target) {
    while (target.hasRemaining()) {
      int start = (int) ((offset + (long) seed * 4099) % PERIOD);
      int length = Math.min(target.remaining(), PERIOD);
      target.put(target.position(), PATTERN, start, length);
      target.position(target.position() + length);
      offset += length;
    }
  }

  /** The content of a file of this seed. */
  public static byte[] content(int seed, long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    fill(seed, offset, bytes);
    return bytes.array();
  }

  /** How many files are open. */
  public int openFiles() {
    return open.get();
  }

  /** How many directories are open. */
  public int openDirectories() {
    return openDirectories.get();
  }

  /** How many reads there were. */
  public long reads() {
    return reads.get();
  }

  /** The length of the longest read. */
  public long largestRead() {
    return largestRead.get();
  }

  @Override
  public Inode root() {
    return root;
  }

  @Override
  public Inode lookup(Inode directory, String name) throws FsException {
    if (name.getBytes(StandardCharsets.UTF_8).length > 255) {
      throw new FsException(FailureKind.NAME_TOO_LONG, name);
    }
    if (directory instanceof HugeDirectory huge) {
      if (name.matches("entry-[0-9]{6}")) {
        int index = Integer.parseInt(name.substring(6));
        if (index < huge.count) {
          return huge.entry(index);
        }
      }
      throw new FsException(FailureKind.NOT_FOUND, name);
    }
    if (!(directory instanceof Directory at)) {
      throw new FsException(FailureKind.NOT_DIRECTORY, name);
    }
    Node node = at.entries.get(name);
    if (node == null) {
      throw new FsException(FailureKind.NOT_FOUND, name);
    }
    return node;
  }

  @Override
  public Attributes getAttributes(Inode inode) {
    return ((Node) inode).attributes();
  }

  @Override
  public String readLink(Inode inode) throws FsException {
    if (inode instanceof Link link) {
      return link.target;
    }
    throw new FsException(FailureKind.INVALID, "not a link");
  }

  @Override
  public OpenFile open(Inode inode, OpenMode mode, Requester requester) throws FsException {
    if (mode.changes()) {
      throw new FsException(FailureKind.READ_ONLY, "read-only");
    }
    if (inode instanceof HugeEntry) {
      open.incrementAndGet();
      return new Opened(this, new File(0, 0, 0644, true, null));
    }
    if (!(inode instanceof File file)) {
      throw new FsException(FailureKind.IS_DIRECTORY, "not a file");
    }
    open.incrementAndGet();
    return new Opened(this, file);
  }

  @Override
  public int read(OpenFile open, long offset, ByteBuffer target) throws FsException {
    File file = ((Opened) open).file();
    reads.incrementAndGet();
    largestRead.accumulateAndGet(target.remaining(), Math::max);
    if (file.failure != null) {
      Throwable failure = file.failure.get();
      if (failure instanceof FsException expected) {
        throw expected;
      }
      if (failure instanceof RuntimeException unexpected) {
        throw unexpected;
      }
      if (failure instanceof Error error) {
        throw error;
      }
    }
    long left = file.size - offset;
    if (left <= 0) {
      return 0;
    }
    int length = (int) Math.min(left, target.remaining());
    target.limit(target.position() + length);
    fill(file.seed, offset, target);
    return length;
  }

  @Override
  public OpenDirectory openDirectory(Inode inode) throws FsException {
    if (inode instanceof HugeDirectory huge) {
      openDirectories.incrementAndGet();
      return new Listed(this, huge, List.of());
    }
    if (inode instanceof Directory directory) {
      openDirectories.incrementAndGet();
      return new Listed(
          this, directory, new ArrayList<>(new TreeMap<>(directory.entries).entrySet()));
    }
    throw new FsException(FailureKind.NOT_DIRECTORY, "not a directory");
  }

  @Override
  public void readDirectory(OpenDirectory directory, long cookie, DirectorySink sink) {
    Listed listed = (Listed) directory;
    if (listed.directory() instanceof HugeDirectory huge) {
      for (long i = cookie; i < huge.count; i++) {
        Node node = huge.entry((int) i);
        if (!sink.add(String.format("entry-%06d", i), node, node.attributes(), i + 1)) {
          return;
        }
      }
      return;
    }
    for (int i = (int) cookie; i < listed.names().size(); i++) {
      Map.Entry<String, Node> entry = listed.names().get(i);
      Node node = entry.getValue();
      if (!sink.add(entry.getKey(), node, node.attributes(), i + 1)) {
        return;
      }
    }
  }

  @Override
  public SpaceUsage space(Inode inode) {
    return new SpaceUsage(4096, 1_000_000, 250_000, 77, 33);
  }

  @Override
  public byte[] getExtendedAttribute(Inode inode, String name) throws FsException {
    if (name.equals("user.dsfs.number")) {
      return Long.toString(inode.number()).getBytes(StandardCharsets.UTF_8);
    }
    throw new FsException(FailureKind.NO_ATTRIBUTE, name);
  }

  @Override
  public List<String> listExtendedAttributes(Inode inode) {
    return List.of("user.dsfs.number", "user.dsfs.other");
  }

  @Override
  public long seek(OpenFile open, long offset, SeekMode mode) throws FsException {
    long size = ((Opened) open).file().size;
    if (offset >= size) {
      throw new FsException(FailureKind.NO_DATA, "the end");
    }
    return mode == SeekMode.DATA ? offset : size;
  }

  @Override
  public FileChanges changes() {
    return new NoChanges();
  }
}
