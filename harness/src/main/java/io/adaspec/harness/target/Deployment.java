package io.adaspec.harness.target;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.exec.LatencyProfile;
import java.util.Map;
import java.util.Optional;

/// Models loaded on a device, ready to serve.
///
/// @param executor owned by the deployment, as is the codec
/// @param draft name of the draft model, empty where none is loaded
/// @param limits every default resolved: what fits the models and the memory
/// @param key what a latency profile of this deployment is filed under
/// @param versions of the libraries that run the forwards
public record Deployment(
    Executor executor,
    TextCodec codec,
    String target,
    Optional<String> draft,
    EngineConfig limits,
    LatencyProfile.Key key,
    Map<String, String> versions)
    implements AutoCloseable {

  public boolean hasDraft() {
    return draft.isPresent();
  }

  @Override
  public void close() {
    executor.close();
    codec.close();
  }
}
