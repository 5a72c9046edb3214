/// The executor over PyTorch: [io.adaspec.engine.exec.djl.DjlExecutor] turns step plans into
/// forwards of two [io.adaspec.engine.exec.djl.DecoderModel]s.
///
/// A decoder is one TorchScript module whose text [io.adaspec.engine.exec.djl.DecoderScript] writes
/// from the model's configuration. It holds weights and KV cache; a forward is one native call.
/// Small forwards of small drafts run in [io.adaspec.engine.exec.djl.LoopDecoder] on the same
/// cache.
package io.adaspec.engine.exec.djl;
