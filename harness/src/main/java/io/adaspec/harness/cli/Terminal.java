package io.adaspec.harness.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Whether a person sits at the other end of a stream. The JDK says so only of standard input and
/// output together.
final class Terminal {
  static final int STDOUT = 1;
  static final int STDERR = 2;

  private Terminal() {}

  @SuppressWarnings("restricted") // a call without pointers
  static boolean isTerminal(int fileDescriptor) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> isatty = linker.defaultLookup().find("isatty");
    if (isatty.isEmpty()) {
      return false;
    }
    FunctionDescriptor signature =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    try {
      return (int) linker.downcallHandle(isatty.get(), signature).invokeExact(fileDescriptor) == 1;
    } catch (Throwable e) {
      throw new IllegalStateException("isatty failed", e);
    }
  }
}
