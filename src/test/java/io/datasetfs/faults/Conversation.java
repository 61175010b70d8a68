package io.datasetfs.faults;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One client's connection, and the one to the server behind it: exchanges, one after the other. */
final class Conversation implements Closeable {
  private static final int BUFFER = 64 << 10;
  // A server ends connections that nothing came through for a while; the client would have seen it.
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final FaultProxy proxy;
  private final Socket client;
  private final InputStream fromClient;
  private final OutputStream toClient;
  private Socket server;
  private InputStream fromServer;
  private long used;

  Conversation(FaultProxy proxy, Socket client) throws IOException {
    this.proxy = proxy;
    this.client = client;
    this.fromClient = new BufferedInputStream(client.getInputStream(), BUFFER);
    this.toClient = client.getOutputStream();
  }

  /** Serves until one of the two ends the connection, or a fault does. */
  void run() throws IOException, InterruptedException {
    boolean goOn = true;
    while (goOn) {
      Optional<HttpHead> head = HttpHead.read(fromClient);
      if (head.isEmpty()) {
        return;
      }
      if (Control.isMeant(head.get())) {
        Control.answer(proxy, head.get(), toClient);
      } else {
        S3Request request = S3Request.of(head.get());
        proxy.traffic().begin(request.kind());
        try {
          goOn = exchange(head.get(), request);
        } finally {
          proxy.traffic().end();
        }
      }
    }
  }

  /**
   * @return whether the connection can serve another
   */
  private boolean exchange(HttpHead head, S3Request request)
      throws IOException, InterruptedException {
    proxy.pause();
    Optional<Rule.Hit> hit = proxy.meet(request);
    Optional<Fault> fault = hit.map(Rule.Hit::fault);
    if (fault.isPresent() && fault.get() instanceof Fault.Answer answer) {
      return answerItself(head, answer);
    }
    HttpHead answer = ask(head, request);
    if (fault.isPresent() && fault.get() instanceof Fault.StallBefore stall) {
      proxy.stall(stall.time());
    }
    Body body = Body.ofAnswer(request.method(), answer);
    if (fault.isPresent() && fault.get() instanceof Fault.LoseAnswer) {
      body.copy(fromServer, OutputStream.nullOutputStream());
      FaultProxy.reset(client);
      return false;
    }
    BodyFault to = new BodyFault(proxy, client, toClient, request.kind(), hit, body.length());
    to.head(answer.raw());
    body.copy(fromServer, to);
    used = System.nanoTime();
    return body.ends() && !answer.says("connection", "close") && !head.says("connection", "close");
  }

  private HttpHead ask(HttpHead head, S3Request request) throws IOException, InterruptedException {
    if (server == null || System.nanoTime() - used > STALE_NANOS) {
      connect();
    }
    OutputStream toServer = server.getOutputStream();
    toServer.write(head.raw());
    if (head.says("expect", "100-continue")) {
      HttpHead interim = require(HttpHead.read(fromServer));
      if (interim.status() != 100) {
        // Whether the body still comes is open, so nothing else can come over this connection.
        toClient.write(interim.raw());
        Body.ofAnswer(request.method(), interim).copy(fromServer, toClient);
        throw new EOFException("answered before the body");
      }
      toClient.write(interim.raw());
    }
    Body.ofRequest(head)
        .copy(
            fromClient,
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                toServer.write(b);
              }

              @Override
              public void write(byte[] bytes, int offset, int length) throws IOException {
                toServer.write(bytes, offset, length);
                proxy.traffic().sent(request.kind(), length);
                Conversation.this.pass(length);
              }
            });
    HttpHead answer = require(HttpHead.read(fromServer));
    while (answer.status() == 100) {
      toClient.write(answer.raw());
      answer = require(HttpHead.read(fromServer));
    }
    return answer;
  }

  private void pass(int bytes) throws IOException {
    try {
      proxy.pass(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private boolean answerItself(HttpHead head, Fault.Answer answer) throws IOException {
    boolean unsent = head.says("expect", "100-continue");
    if (!unsent) {
      Body.ofRequest(head).copy(fromClient, OutputStream.nullOutputStream());
    }
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>injected</Message></Error>"
            .formatted(answer.code());
    boolean bare = head.word(0).equals("HEAD");
    String text =
        "HTTP/1.1 %d Injected\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n%s\r\n%s"
            .formatted(
                answer.status(),
                xml.length(),
                unsent ? "Connection: close\r\n" : "",
                bare ? "" : xml);
    toClient.write(text.getBytes(StandardCharsets.US_ASCII));
    return !unsent;
  }

  private void connect() throws IOException {
    close();
    server = proxy.connect();
    fromServer = new BufferedInputStream(server.getInputStream(), BUFFER);
  }

  private static HttpHead require(Optional<HttpHead> head) throws IOException {
    return head.orElseThrow(() -> new EOFException("no answer"));
  }

  @Override
  public void close() throws IOException {
    if (server != null) {
      server.close();
    }
  }
}
