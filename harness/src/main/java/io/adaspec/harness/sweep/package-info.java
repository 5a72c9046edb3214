/// Grids of simulated runs: expanded, run on all cores, kept cell by cell, summarised as one table.
package io.adaspec.harness.sweep;
