package io.adaspec.harness.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;

/// Scripts and styles on the class path.
final class Assets {
  private static final String WEBJAR = "/META-INF/maven/org.webjars/echarts/pom.properties";

  private Assets() {}

  /// ECharts, minified.
  static String echarts() {
    return read("/META-INF/resources/webjars/echarts/" + echartsVersion() + "/echarts.min.js");
  }

  static String echartsVersion() {
    Properties properties = new Properties();
    try (InputStream in = open(WEBJAR)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(WEBJAR, e);
    }
    return properties.getProperty("version");
  }

  /// One of the files beside this class.
  static String own(String name) {
    return read("/io/adaspec/harness/page/" + name);
  }

  /// A script to be put between tags.
  ///
  /// @throws IllegalStateException where it would end the element it stands in
  static String inline(String script) {
    String lower = script.toLowerCase(Locale.ROOT);
    if (lower.contains("</script") || lower.contains("<!--")) {
      throw new IllegalStateException("a script cannot stand in a page: it contains a tag");
    }
    return script;
  }

  private static String read(String resource) {
    try (InputStream in = open(resource)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = Assets.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(resource + " is not on the class path");
    }
    return in;
  }
}
