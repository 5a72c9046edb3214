package io.adaspec.engine.exec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What was measured of one deployment: `T_d`, `T_v`, `o_d`, `o_v`.
///
/// The first draft forward of a step finds the target's weights in the processor's caches, later
/// ones the draft's own. `draft` says what they take on average of the first two.
///
/// @param version of the file format, [#VERSION]
/// @param key what it was measured on
/// @param measuredAt ISO-8601 instant
/// @param verify target forwards
/// @param draft draft forwards; empty for a target without a draft
/// @param firstDraftNanos what the first takes longer than a later one
/// @param acceptanceByRank see [io.adaspec.engine.spec.CostModel#acceptanceByRank]
public record LatencyProfile(
    int version,
    Key key,
    String measuredAt,
    List<LatencyTable.Point> verify,
    List<LatencyTable.Point> draft,
    double verifyOverheadNanos,
    double draftOverheadNanos,
    double firstDraftNanos,
    List<Double> acceptanceByRank) {
  /// Changes whenever the meaning of a field does, the way it is measured, or what runs a forward.
  public static final int VERSION = 5;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /// Identifies a deployment. A profile serves the deployment it was measured on and no other.
  ///
  /// @param device for example `cpu: AMD EPYC, 2 cores`
  /// @param target digest or name of the target's weights
  /// @param draft likewise, empty without a draft
  /// @param dtype of the weights in memory
  /// @param threads intra-op threads
  /// @param libraries versions of what runs the forward
  public record Key(
      String device, String target, String draft, String dtype, int threads, String libraries) {
    private List<String> differences(Key other) {
      List<String> differences = new ArrayList<>();
      compare(differences, "device", device, other.device);
      compare(differences, "target", target, other.target);
      compare(differences, "draft", draft, other.draft);
      compare(differences, "dtype", dtype, other.dtype);
      compare(differences, "threads", threads, other.threads);
      compare(differences, "libraries", libraries, other.libraries);
      return differences;
    }

    private static void compare(List<String> differences, String name, Object mine, Object theirs) {
      if (!Objects.equals(mine, theirs)) {
        differences.add("%s is '%s', not '%s'".formatted(name, mine, theirs));
      }
    }
  }

  public LatencyProfile {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "profile version " + version + " is not the current " + VERSION);
    }
    Objects.requireNonNull(key, "key");
    verify = List.copyOf(verify);
    draft = List.copyOf(draft);
    acceptanceByRank = List.copyOf(acceptanceByRank);
    if (!(verifyOverheadNanos >= 0) || !(draftOverheadNanos >= 0) || !(firstDraftNanos >= 0)) {
      throw new IllegalArgumentException(
          "overheads must be >= 0: %s, %s, %s"
              .formatted(verifyOverheadNanos, draftOverheadNanos, firstDraftNanos));
    }
  }

  /// This profile with a measured acceptance by rank.
  public LatencyProfile withAcceptanceByRank(List<Double> measured) {
    return new LatencyProfile(
        version,
        key,
        measuredAt,
        verify,
        draft,
        verifyOverheadNanos,
        draftOverheadNanos,
        firstDraftNanos,
        measured);
  }

  /// Why this profile does not describe `deployment`; empty where it does.
  public Optional<String> mismatch(Key deployment) {
    List<String> differences = key.differences(deployment);
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of("measured on another deployment: " + String.join("; ", differences));
  }

  /// @throws ProfileException naming the file, where it cannot be read or is no current profile
  public static LatencyProfile read(Path file) {
    try {
      LatencyProfile profile = JSON.readValue(file.toFile(), LatencyProfile.class);
      new LatencyTable(profile.verify);
      if (!profile.draft.isEmpty()) {
        new LatencyTable(profile.draft);
      }
      return profile;
    } catch (JsonProcessingException e) {
      Throwable cause = e.getCause() instanceof RuntimeException r ? r : e;
      throw new ProfileException(
          file + ": " + String.valueOf(cause.getMessage()).lines().findFirst().orElse(""), e);
    } catch (IOException | RuntimeException e) {
      throw new ProfileException(file + ": " + e.getMessage(), e);
    }
  }

  /// Replaces the file as a whole, or leaves it as it was.
  public void write(Path file) throws IOException {
    AtomicFile.replace(file, temporary -> JSON.writeValue(temporary.toFile(), this));
  }
}
