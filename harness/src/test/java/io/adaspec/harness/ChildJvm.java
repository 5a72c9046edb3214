package io.adaspec.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Processes of their own for tests that kill, signal or starve what they test.
public final class ChildJvm {
  private ChildJvm() {}

  /// A JVM like this one that runs `main` and compiles quickly.
  ///
  /// @param arguments of `main`, as text
  public static ProcessBuilder of(Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return new ProcessBuilder(command);
  }
}
