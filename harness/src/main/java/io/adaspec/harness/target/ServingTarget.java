package io.adaspec.harness.target;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.TokenEvent;

/// Something that serves requests. Every submitted request ends with exactly one [TokenEvent] that
/// carries its finish, unless the target is closed or fails before.
public interface ServingTarget extends AutoCloseable {
  /// Told what happens; called by one thread at a time, which is the target's own.
  interface Listener {
    void onTokens(TokenEvent event);

    /// Called after the events of the step.
    void onStep(StepRecord step);

    /// The target cannot go on: nothing follows.
    void onFailure(Throwable cause);
  }

  /// Queues a request. Never blocks and never refuses; any thread may call it.
  void submit(Request request);

  /// Ends a request early, at the target's convenience; does nothing where it has ended already.
  void cancel(long requestId);

  /// Stops serving and returns once nothing of the target runs any more. Cancellations asked for
  /// before are carried out; other requests that have not ended stay so. Closing twice does
  /// nothing.
  @Override
  void close();
}
