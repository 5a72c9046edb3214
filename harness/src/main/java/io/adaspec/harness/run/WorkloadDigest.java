package io.adaspec.harness.run;

import io.adaspec.workload.Workload;
import io.adaspec.workload.WorkloadRequest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Identifies a workload by what is sent: equal digests mean equal arrivals, prompts and lengths.
final class WorkloadDigest {
  private WorkloadDigest() {}

  /// SHA-256 in lower-case hexadecimal.
  static String of(Workload workload) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
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
}
