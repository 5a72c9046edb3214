package io.adaspec.baselines.world;

/// What target and draft would write, as a function of request and position alone: every policy
/// meets the same luck.
///
/// A position is *easy* or hard, requests have more or fewer easy ones. The draft's first choice is
/// right with a probability that its confidence tells, after a distortion: real drafts are unsure
/// of themselves, or too sure.
///
/// @param acceptance mean probability that the draft's first choice is right
/// @param distortion exponent from that probability to the confidence; above one for a draft that
///   is unsure of itself
public record Text(double acceptance, double distortion, long seed) {
  static final int VOCABULARY = 1 << 16;

  private static final double EASY = 0.95;
  private static final double HARD = 0.3;

  /// Share that is right of the draft's second choices where the first is wrong.
  private static final double SECOND = 0.3;

  /// The target's token at an output position of a request.
  int token(long request, int position) {
    return (int) (hash(request, position, 1) >>> 48);
  }

  /// The probability that the draft's first choice is right, given that it has followed the target
  /// so far.
  private double right(long request, int position) {
    double easyShare = (acceptance - HARD) / (EASY - HARD);
    double ofRequest = Math.clamp(easyShare + 0.4 * (uniform(request, 0, 2) - 0.5), 0, 1);
    boolean easy = uniform(request, position, 3) < ofRequest;
    double noise = 0.1 * (uniform(request, position, 4) - 0.5);
    return (easy ? EASY : HARD) + noise * (easy ? 0.5 : 2);
  }

  /// The draft's token at a position; of rank 0 or 1, the second being right half as often as is
  /// left.
  int draftToken(long request, int position, int rank) {
    double right = right(request, position);
    double from = rank == 0 ? 0 : right;
    double to = rank == 0 ? right : right + SECOND * (1 - right);
    double luck = uniform(request, position, 5);
    int token = token(request, position);
    return luck >= from && luck < to ? token : (token + 1 + rank) % VOCABULARY;
  }

  float confidence(long request, int position, int rank) {
    double first = Math.pow(right(request, position), distortion);
    return (float) (rank == 0 ? first : SECOND * (1 - first));
  }

  private double uniform(long request, int position, int use) {
    return (hash(request, position, use) >>> 11) * 0x1.0p-53;
  }

  private long hash(long request, int position, int use) {
    return mix(mix(mix(seed + request) + position) + use);
  }

  private static long mix(long z) {
    z += 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
