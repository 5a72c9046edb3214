package io.adaspec.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// What glibc's allocator has given to this process, libtorch and the JVM's compiler included, and
/// not got back.
public final class NativeHeap {
  /// glibc's `struct mallinfo2`: ten counters.
  private static final MemoryLayout COUNTERS =
      MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);

  private static final int MAPPED_BYTES = 4;
  private static final int USED_BYTES = 7;

  private final MethodHandle mallinfo;

  private NativeHeap(MethodHandle mallinfo) {
    this.mallinfo = mallinfo;
  }

  /// Empty where the C library is not glibc 2.33 or later.
  @SuppressWarnings("restricted")
  public static Optional<NativeHeap> find() {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor type = FunctionDescriptor.of(MemoryLayout.structLayout(COUNTERS));
    return linker
        .defaultLookup()
        .find("mallinfo2")
        .map(function -> new NativeHeap(linker.downcallHandle(function, type)));
  }

  /// Bytes in use, after a collection: what unreachable Java objects held is not counted.
  public long bytes() {
    System.gc();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = (MemorySegment) mallinfo.invoke((SegmentAllocator) arena);
      return values.getAtIndex(ValueLayout.JAVA_LONG, USED_BYTES)
          + values.getAtIndex(ValueLayout.JAVA_LONG, MAPPED_BYTES);
    } catch (Throwable e) {
      throw new IllegalStateException("mallinfo2 failed", e);
    }
  }
}
