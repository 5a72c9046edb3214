/// Executors, the lossless verifier, and measured latency profiles.
package io.adaspec.engine.exec;
