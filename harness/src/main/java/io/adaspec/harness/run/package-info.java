/// Runs a workload against a target: dispatches requests on schedule, follows each to its end and
/// records what happened.
package io.adaspec.harness.run;
