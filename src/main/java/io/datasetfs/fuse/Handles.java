package io.datasetfs.fuse;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What is open, by the number that the kernel knows it by. Numbers are never used twice, so that a
 * stale one finds nothing instead of somebody else's file. Thread-safe.
 */
public final class Handles<T> {
  private final ConcurrentHashMap<Long, T> open = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong(1);

  /** Keeps {@code value} and answers its number. */
  public long add(T value) {
    long number = next.getAndIncrement();
    open.put(number, value);
    return number;
  }

  /**
   * What a number stands for.
   *
   * @throws UnknownHandle when it stands for nothing
   */
  public T require(long number) throws UnknownHandle {
    T value = open.get(number);
    if (value == null) {
      throw new UnknownHandle(number);
    }
    return value;
  }

  /**
   * Forgets a number and answers what it stood for.
   *
   * @throws UnknownHandle when it stood for nothing
   */
  public T remove(long number) throws UnknownHandle {
    T value = open.remove(number);
    if (value == null) {
      throw new UnknownHandle(number);
    }
    return value;
  }

  /** Takes out everything: what the kernel never released because the connection broke. */
  public void drain(Consumer<T> consumer) {
    for (Long number : open.keySet()) {
      T value = open.remove(number);
      if (value != null) {
        consumer.accept(value);
      }
    }
  }

  /** What a number stands for, or null. */
  public T find(long number) {
    return open.get(number);
  }

  /** The kernel named a handle that is not open. */
  public static final class UnknownHandle extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownHandle(long number) {
      super("no open handle " + number);
    }
  }
}
