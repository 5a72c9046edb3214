/// Speculation: proposals, the policy SPI, and what they exchange with the engine.
///
/// **Losslessness and pruning.** Whether a draft token is kept must not depend on which token was
/// *sampled* there, or the output distribution shifts. Deterministic drafts (the argmax, or the
/// top-k children) are a function of the prefix: any pruning of them is lossless at any
/// temperature, and verification treats them as point masses. Sampled drafts are verified with
/// `min(1, p/q)` and are open only to policies that declare [PolicySpec#prefixOnly()].
package io.adaspec.engine.spec;
