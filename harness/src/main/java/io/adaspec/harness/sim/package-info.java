/// Simulation: the same engine, scheduler and policies in virtual time, over an executor that
/// returns recorded or drawn outcomes and a device model's durations.
package io.adaspec.harness.sim;
