package io.datasetfs.store;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Holds the fetches from a store until a test lets each of them go. */
public final class HeldStore {
  private static final long SECONDS = 60;

  private final ObjectStore inner;
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final AtomicInteger total = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicLong bytesUnderWay = new AtomicLong();
  private final AtomicLong mostBytes = new AtomicLong();
  private volatile boolean holding;

  /** A fetch that is held. */
  public record Call(
      String key, long offset, int length, TroubleListener listener, CompletableFuture<Void> end) {
    /** Lets it go. */
    public void go() {
      end.complete(null);
    }

    /** Makes a try of it fail that is made again. */
    public void meet(FsException failure) {
      listener.met(failure);
    }

    /** Makes it fail. */
    public void fail(FailureKind kind) {
      end.completeExceptionally(new FsException(kind, "told to fail"));
    }

    /** Waits until it was interrupted. */
    public void awaitInterrupted() throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (!this.end.isCancelled()) {
        if (System.nanoTime() - end > 0) {
          throw new AssertionError("nobody interrupts " + this);
        }
        Thread.sleep(2);
      }
    }
  }

  /** Holds nothing yet. */
  public HeldStore(ObjectStore inner) {
    this.inner = inner;
  }

  /** The store to read from. */
  @SuppressWarnings("unchecked") // the proxy is called with what the interface says
  public ObjectStore store() {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  case "getRange" ->
                      getRange((String) arguments[0], (long) arguments[1], (int) arguments[2]);
                  case "getParts" ->
                      getParts(
                          (String) arguments[0],
                          (long) arguments[1],
                          (List<Integer>) arguments[2],
                          (PartSink) arguments[3]);
                  default -> pass(method, arguments);
                });
  }

  private Object pass(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(inner, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private ByteBuffer getRange(String key, long offset, int length) throws FsException {
    return answer(
        new Call(key, offset, length, TroubleListener.NONE, new CompletableFuture<>()),
        new AtomicLong(length),
        () -> inner.getRange(key, offset, length));
  }

  private Void getParts(String key, long offset, List<Integer> lengths, PartSink sink)
      throws FsException {
    int length = lengths.stream().mapToInt(Integer::intValue).sum();
    AtomicLong left = new AtomicLong(length);
    return answer(
        new Call(key, offset, length, sink::met, new CompletableFuture<>()),
        left,
        () -> {
          inner.getParts(
              key,
              offset,
              lengths,
              part -> {
                // who has it may ask for more before it says that it has taken it
                left.addAndGet(-part.remaining());
                bytesUnderWay.addAndGet(-part.remaining());
                sink.take(part);
              });
          return null;
        });
  }

  private interface Answer<T> {
    T give() throws FsException;
  }

  private <T> T answer(Call call, AtomicLong left, Answer<T> answer) throws FsException {
    total.incrementAndGet();
    mostBytes.accumulateAndGet(bytesUnderWay.addAndGet(call.length()), Math::max);
    try {
      if (holding) {
        hold(call);
      }
      return answer.give();
    } finally {
      bytesUnderWay.addAndGet(-left.get());
    }
  }

  private void hold(Call call) throws FsException {
    held.incrementAndGet();
    calls.add(call);
    try {
      call.end().get();
    } catch (InterruptedException e) {
      call.end().cancel(false);
      throw new FsException(FailureKind.INTERRUPTED, "interrupted", e);
    } catch (ExecutionException e) {
      throw (FsException) e.getCause();
    } finally {
      held.decrementAndGet();
    }
  }

  /** Holds every fetch from now on. */
  public void hold() {
    holding = true;
  }

  /** Lets all go, now and later. */
  public void release() {
    holding = false;
    for (Call call = calls.poll(); call != null; call = calls.poll()) {
      call.go();
    }
  }

  /** Holds no more fetches; those that are held stay so. */
  public void holdNoMore() {
    holding = false;
  }

  /** The next fetch that is held and has not been told of. */
  public Call next() throws InterruptedException {
    Call call = calls.poll(SECONDS, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("nothing is fetched");
    }
    return call;
  }

  /** All fetches that have not been told of. */
  public List<Call> drain() {
    List<Call> all = new ArrayList<>();
    calls.drainTo(all);
    return all;
  }

  /** How many fetches are held at this moment. */
  public int held() {
    return held.get();
  }

  /** How many fetches there were. */
  public int total() {
    return total.get();
  }

  /** The most bytes that were ever being fetched at the same time. */
  public long mostBytes() {
    return mostBytes.get();
  }
}
