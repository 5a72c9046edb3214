/// The published strategies that AdaSpec is compared with: one class each, its provider inside it.
package io.adaspec.baselines;
