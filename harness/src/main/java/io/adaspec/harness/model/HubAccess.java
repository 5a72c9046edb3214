package io.adaspec.harness.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/// How the Hub is reached. The token goes to the endpoint's own host only: files are often served
/// by another one, to which the Hub redirects.
///
/// @param endpoint without a slash at its end
public record HubAccess(String endpoint, Optional<String> token) {
  private static final int REDIRECTS = 5;
  private static final int BUFFER = 1 << 18;
  private static final Duration CONNECT = Duration.ofSeconds(30);

  /// @throws IllegalArgumentException where the endpoint is no web address
  public HubAccess {
    endpoint = endpoint.replaceAll("/+$", "");
    if (!endpoint.matches("https?://[^\\s/?#]+(/[^\\s?#]*)?")) {
      throw new IllegalArgumentException("endpoint must be a web address: '" + endpoint + "'");
    }
  }

  /// Says nothing of the token.
  @Override
  public String toString() {
    return "HubAccess[" + endpoint + (token.isPresent() ? ", with a token]" : "]");
  }

  String text(URI uri) throws IOException, InterruptedException {
    try (HttpClient client = client()) {
      HttpResponse<InputStream> response = get(client, uri, 0);
      try (InputStream body = response.body()) {
        requireSuccess(uri, response.statusCode());
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  /// Downloads to `part`, or what is missing of it.
  ///
  /// @param bytes the file's size, or -1 where it is not known
  void download(URI uri, Path part, long bytes, ModelSource.Progress progress)
      throws IOException, InterruptedException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    if (have > 0 && have == bytes) {
      return;
    }
    if (bytes >= 0 && have > bytes) {
      throw new IOException(
          "%s has %d bytes, the file only %d: remove it".formatted(part, have, bytes));
    }
    try (HttpClient client = client()) {
      HttpResponse<InputStream> response = get(client, uri, have);
      try (InputStream body = response.body()) {
        requireSuccess(uri, response.statusCode());
        boolean continued = response.statusCode() == 206;
        if (continued) {
          requireRange(uri, response, have);
        }
        save(body, part, continued ? have : 0, bytes, progress);
      }
    }
    if (bytes >= 0 && Files.size(part) != bytes) {
      throw new IOException(
          "%s: %d of %d bytes arrived; fetch again to go on from there"
              .formatted(uri, Files.size(part), bytes));
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .connectTimeout(CONNECT)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  private HttpResponse<InputStream> get(HttpClient client, URI first, long from)
      throws IOException, InterruptedException {
    URI uri = first;
    for (int i = 0; i <= REDIRECTS; i++) {
      HttpResponse<InputStream> response = send(client, uri, from);
      Optional<String> location = response.headers().firstValue("Location");
      if (response.statusCode() / 100 != 3 || location.isEmpty()) {
        return response;
      }
      response.body().close();
      URI next = uri.resolve(location.get());
      if (uri.getScheme().equals("https") && !"https".equals(next.getScheme())) {
        throw new IOException(uri + ": leads from https to " + next);
      }
      uri = next;
    }
    throw new IOException(first + ": more than " + REDIRECTS + " redirections");
  }

  private HttpResponse<InputStream> send(HttpClient client, URI uri, long from)
      throws IOException, InterruptedException {
    try {
      return client.send(request(uri, from), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new IOException(
          uri + ": " + (e.getMessage() == null ? "no connection" : e.getMessage()), e);
    }
  }

  private HttpRequest request(URI uri, long from) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("User-Agent", "adaspec");
    if (token.isPresent() && uri.getAuthority().equals(URI.create(endpoint).getAuthority())) {
      request.header("Authorization", "Bearer " + token.get());
    }
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    return request.build();
  }

  private void requireSuccess(URI uri, int status) throws IOException {
    switch (status) {
      case 200, 206 -> {}
      case 401, 403 ->
          throw new IOException(
              "%s: access denied (%d): %s"
                  .formatted(
                      uri,
                      status,
                      token.isPresent()
                          ? "HF_TOKEN does not allow it"
                          : "set HF_TOKEN to a token that may read it, or check the name"));
      case 404 ->
          throw new IOException(uri + ": not found (404): check repository, revision and file");
      default -> throw new IOException(uri + ": the server answered " + status);
    }
  }

  private static void requireRange(URI uri, HttpResponse<?> response, long from)
      throws IOException {
    String range = response.headers().firstValue("Content-Range").orElse("");
    if (!range.startsWith("bytes " + from + "-")) {
      throw new IOException(
          "%s: asked for the bytes from %d on, got '%s'".formatted(uri, from, range));
    }
  }

  private static void save(
      InputStream body, Path part, long from, long bytes, ModelSource.Progress progress)
      throws IOException {
    StandardOpenOption how =
        from > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    String name = part.getFileName().toString().replaceFirst("\\.part$", "");
    long done = from;
    byte[] buffer = new byte[BUFFER];
    try (OutputStream out =
        Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        out.write(buffer, 0, read);
        done += read;
        progress.update(name, done, bytes);
      }
    } catch (IOException e) {
      throw new IOException(
          "%s: broke off after %d bytes (%s); fetch again to go on from there"
              .formatted(name, done, e.getMessage()),
          e);
    }
  }
}
