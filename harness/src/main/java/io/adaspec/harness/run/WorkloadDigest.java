package io.adaspec.harness.run;

import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.Workload;
import io.adaspec.workload.WorkloadPlan;
import io.adaspec.workload.WorkloadRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Identifies a workload by what is sent: equal digests mean equal arrivals, prompts and lengths.
final class WorkloadDigest {
  private WorkloadDigest() {}

  /// SHA-256 in lower-case hexadecimal.
  static String of(Workload workload) {
    MessageDigest sha256 = sha256();
    for (WorkloadRequest request : workload.requests()) {
      int[] prompt = request.promptTokens();
      ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + (2 + prompt.length) * Integer.BYTES);
      bytes.putLong(request.arrivalNanos()).putInt(request.maxNewTokens()).putInt(prompt.length);
      for (int token : prompt) {
        bytes.putInt(token);
      }
      sha256.update(bytes.flip());
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /// The same of requests without texts: arrivals, lengths and categories.
  static String of(WorkloadPlan plan) {
    MessageDigest sha256 = sha256();
    for (PlannedRequest request : plan.requests()) {
      byte[] category = request.category().getBytes(StandardCharsets.UTF_8);
      ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + 3 * Integer.BYTES + category.length);
      bytes.putLong(request.arrivalNanos());
      bytes.putInt(request.lengths().output()).putInt(request.lengths().prompt());
      bytes.putInt(category.length).put(category);
      sha256.update(bytes.flip());
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
