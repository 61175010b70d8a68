package io.datasetfs.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * Commands for a proxy in a process of its own, as paths of its own port: {@code /-/counts}, {@code
 * /-/forget}, {@code /-/latency/MILLISECONDS}, {@code /-/bandwidth/BYTES_PER_SECOND}, {@code
 * /-/heal} and {@code /-/fault/NAME/PROBABILITY} for requests that read packs.
 */
final class Control {
  private static final String PREFIX = "/-/";

  private static final Map<String, Fault> FAULTS =
      Map.of(
          "slow-down", Fault.SLOW_DOWN,
          "internal-error", Fault.INTERNAL_ERROR,
          "expired", Fault.EXPIRED,
          "stall", new Fault.StallBefore(Fault.FOR_EVER),
          "stall-within", new Fault.StallWithin(Fault.FOR_EVER),
          "reset", new Fault.Reset(),
          "truncate", new Fault.Truncate(),
          "flip", new Fault.Flip());

  private Control() {}

  static boolean isMeant(HttpHead head) {
    return head.word(1).startsWith(PREFIX);
  }

  /** Does what the path says. */
  static void answer(FaultProxy proxy, HttpHead head, OutputStream to) throws IOException {
    String text = obey(proxy, head.word(1).substring(PREFIX.length()).split("/"));
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(text.length(), text);
    to.write(answer.getBytes(StandardCharsets.US_ASCII));
  }

  private static String obey(FaultProxy proxy, String... words) throws IOException {
    switch (words[0]) {
      case "counts" -> {
        StringBuilder text = new StringBuilder();
        proxy
            .traffic()
            .counts()
            .forEach(
                (kind, c) ->
                    text.append(kind.replace(' ', '-'))
                        .append(" %d %d %d%n".formatted(c.requests(), c.sent(), c.received())));
        return text.append("at-once %d%n".formatted(proxy.traffic().mostAtOnce())).toString();
      }
      case "forget" -> proxy.traffic().forget();
      case "latency" -> proxy.latency(Duration.ofMillis(Long.parseLong(words[1])));
      case "bandwidth" -> proxy.bandwidth(Long.parseLong(words[1]));
      case "heal" -> proxy.heal();
      case "fault" ->
          proxy.inject(
              Rule.every(FAULTS.get(words[1]))
                  .on(S3Request::readsPack)
                  .sometimes(Double.parseDouble(words[2]), 1));
      default -> {
        return "what?\n";
      }
    }
    return "done\n";
  }
}
