package io.adaspec.harness.record;

import io.adaspec.engine.StepRecord;

/// Takes the records of a run as they come.
public interface RecordSink {
  void request(RequestRecord row);

  void step(StepRecord row);
}
