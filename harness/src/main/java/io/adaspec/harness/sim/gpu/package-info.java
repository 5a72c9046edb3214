/// Analytic GPUs: what a forward of a known model costs on a known device, and the deployments that
/// combine them. Kernel constants are fitted to measurements; everything else is arithmetic over
/// data sheets and model shapes, or an assumption that is named where it is made.
package io.adaspec.harness.sim.gpu;
