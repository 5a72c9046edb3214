package io.adaspec.engine.request;

/// One generation request, as submitted. Never mutated; the arrays are owned by the record.
///
/// @param id unique among the requests of an engine
/// @param prompt token ids, the beginning-of-sequence token included; of fixed length
/// @param maxNewTokens upper limit of emitted tokens
/// @param stopTokens ids that end the generation once emitted; empty to ignore end of sequence
/// @param arrivalNanos scheduled arrival on the engine's clock; every latency counts from it
public record Request(
    long id,
    TokenView prompt,
    int maxNewTokens,
    int[] stopTokens,
    SamplingParams sampling,
    Slo slo,
    long arrivalNanos) {

  /// A request whose prompt is in memory.
  public Request(
      long id,
      int[] prompt,
      int maxNewTokens,
      int[] stopTokens,
      SamplingParams sampling,
      Slo slo,
      long arrivalNanos) {
    this(id, TokenView.of(prompt), maxNewTokens, stopTokens, sampling, slo, arrivalNanos);
  }

  /// A greedy reply of exactly `newTokens` tokens without objectives, as measurements ask for.
  public static Request greedy(long id, int[] prompt, int newTokens, long arrivalNanos) {
    return new Request(
        id, prompt, newTokens, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, arrivalNanos);
  }

  /// Whether `token` ends the generation.
  public boolean stopsAt(int token) {
    for (int stop : stopTokens) {
      if (stop == token) {
        return true;
      }
    }
    return false;
  }
}
