package io.adaspec.harness.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A Hub on this machine. Big files come from a second host, as the real one's do.
final class StubHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final HttpServer hub = server();
  private final HttpServer storage = server();
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, String> digests = new LinkedHashMap<>();

  /// What was asked for: host, path, range, authorization.
  final List<String> requests = new ArrayList<>();

  int status = 200;
  int breakOffAfter = Integer.MAX_VALUE;
  boolean ranges = true;

  StubHub() throws IOException {
    hub.createContext("/api/models/", this::info);
    hub.createContext("/owner/tiny/resolve/", this::redirect);
    storage.createContext("/", this::contents);
    hub.start();
    storage.start();
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  StubHub file(String name, byte[] contents) {
    files.put(name, contents);
    digests.put(name, "\"lfs\": {\"sha256\": \"" + hex("SHA-256", contents) + "\"}");
    return this;
  }

  StubHub smallFile(String name, String contents) {
    byte[] bytes = contents.getBytes(StandardCharsets.UTF_8);
    byte[] blob = ("blob " + bytes.length + "\0" + contents).getBytes(StandardCharsets.UTF_8);
    files.put(name, bytes);
    digests.put(name, "\"blobId\": \"" + hex("SHA-1", blob) + "\"");
    return this;
  }

  /// The file is no longer what the Hub says it is.
  StubHub damage(String name) {
    files.get(name)[0] ^= 1;
    return this;
  }

  private static String hex(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  String endpoint() {
    return "http://127.0.0.1:" + hub.getAddress().getPort();
  }

  private void log(String host, HttpExchange exchange) {
    requests.add(
        "%s %s %s %s"
            .formatted(
                host,
                exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Range"),
                exchange.getRequestHeaders().getFirst("Authorization")));
  }

  private void info(HttpExchange exchange) throws IOException {
    log("hub", exchange);
    List<String> siblings = new ArrayList<>();
    files.forEach(
        (name, contents) ->
            siblings.add(
                "{\"rfilename\": \"%s\", \"size\": %d, %s}"
                    .formatted(name, contents.length, digests.get(name))));
    String json =
        "{\"sha\": \"%s\", \"cardData\": {\"license\": \"mit\"}, \"siblings\": %s}"
            .formatted(COMMIT, siblings);
    answer(exchange, status, json.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
  }

  private void redirect(HttpExchange exchange) throws IOException {
    log("hub", exchange);
    String name = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
    String target = "http://localhost:" + storage.getAddress().getPort() + "/" + name;
    exchange.getResponseHeaders().set("Location", target);
    answer(exchange, 302, new byte[0], 0);
  }

  private void contents(HttpExchange exchange) throws IOException {
    log("storage", exchange);
    byte[] bytes = files.get(exchange.getRequestURI().getPath().substring(1));
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null || !ranges) {
      answer(exchange, 200, bytes, breakOffAfter);
      return;
    }
    int from = Integer.parseInt(range.replaceAll("\\D", ""));
    byte[] rest = java.util.Arrays.copyOfRange(bytes, from, bytes.length);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
    answer(exchange, 206, rest, Integer.MAX_VALUE);
  }

  private static void answer(HttpExchange exchange, int code, byte[] body, int limit)
      throws IOException {
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    // Closing early breaks the connection off: fewer bytes than promised.
    try (exchange) {
      exchange.getResponseBody().write(body, 0, Math.min(limit, body.length));
      exchange.getResponseBody().flush();
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
  }
}
