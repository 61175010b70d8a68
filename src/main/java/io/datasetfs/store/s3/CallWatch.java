package io.datasetfs.store.s3;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Aborts calls whose thread is interrupted or whose time is up: a thread that waits for a socket
 * notices neither. One thread looks at all calls under way; it rests while there is none.
 */
final class CallWatch implements AutoCloseable {
  private static final long LOOK_MILLIS = 10;

  private static final ThreadLocal<Call> CURRENT = new ThreadLocal<>();

  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final long longestNanos;
  private final Thread watcher;
  private volatile boolean resting;
  private volatile boolean closed;

  /**
   * @param longest how long a call may take, or go on after what it last sent or received
   */
  CallWatch(Duration longest) {
    this.longestNanos = longest.toNanos();
    this.watcher = new Thread(this::watch, "dsfs-s3-watch");
    watcher.setDaemon(true);
    watcher.start();
  }

  /** A call under way; begins with the constructor and ends with {@link #close}. */
  final class Call implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private volatile long start = System.nanoTime();
    private Abortable request;
    private boolean aborted;
    private volatile boolean late;

    private Call() {}

    /** Whether it was aborted because its time was up. */
    boolean late() {
      return late;
    }

    private void moves() {
      start = System.nanoTime();
    }

    private synchronized void attach(Abortable next) {
      request = next;
      if (aborted) {
        next.abort();
      }
    }

    private void look(long now) {
      boolean tooLate = now - start > longestNanos;
      if (tooLate || thread.isInterrupted()) {
        late |= tooLate;
        abort();
      }
    }

    private synchronized void abort() {
      if (!aborted) {
        aborted = true;
        if (request != null) {
          request.abort();
        }
      }
    }

    @Override
    public void close() {
      calls.remove(this);
      CURRENT.remove();
    }
  }

  /** Begins a call of the calling thread, which makes one at a time. */
  Call begin() {
    Call call = new Call();
    CURRENT.set(call);
    calls.add(call);
    if (resting) { // set before the watcher looks whether there is a call: one of the two sees it
      wake();
    }
    return call;
  }

  /**
   * The calling thread's call, if there is one, has sent or received something: what is large may
   * take long on a slow line.
   */
  static void moves() {
    Call call = CURRENT.get();
    if (call != null) {
      call.moves();
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  private void watch() {
    try {
      while (awaitCalls()) {
        long now = System.nanoTime();
        calls.forEach(call -> call.look(now));
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean awaitCalls() throws InterruptedException {
    resting = true;
    while (calls.isEmpty() && !closed) {
      wait();
    }
    resting = false;
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    wake();
  }

  /** A client whose requests can be aborted as long as a call of their thread is watched. */
  static SdkHttpClient abortable(SdkHttpClient client) {
    return new SdkHttpClient() {
      @Override
      public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = client.prepareRequest(request);
        Call call = CURRENT.get();
        return call == null ? prepared : attached(call, prepared);
      }

      @Override
      public String clientName() {
        return client.clientName();
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private static ExecutableHttpRequest attached(Call call, ExecutableHttpRequest prepared) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws java.io.IOException {
        call.attach(prepared);
        return prepared.call();
      }

      @Override
      public void abort() {
        prepared.abort();
      }
    };
  }
}
