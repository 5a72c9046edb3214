/// Compares two sets of runs: pairs them, estimates what changed and how sure that is, and judges.
package io.adaspec.harness.compare;
