package io.adaspec.engine.exec.djl;

import io.adaspec.engine.model.ModelConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The decoder as TorchScript text. One call of `forward` is one step of a ragged batch: packed
/// numbers in, scores out.
///
/// Names: `n` tokens of the step. A *group* is `b` requests of `t` tokens each, whose cells fill
/// `k` key tiles. `t · groupSize` query rows share a key/value head; they are padded to `m`, a
/// multiple of [#ROW_TILE].
///
/// **A row's bits do not depend on the rest of the batch.** Packed linear layers compute each row
/// alike for the numbers of rows that [RowRule] allows. Attention runs on key tiles of one size, so
/// that the matrix products inside have the same inner sizes for any batch, number of tokens and
/// context; the tiles of a row are then joined by their log-sum-exp, where a tile without visible
/// cells weighs exactly 0. The one exception: keys of a tree lie in other cells than those of the
/// same tokens in a row, so their sums are rounded differently, by about 1e-7 of the value, unless
/// attention is computed in double precision.
///
/// **Fewer operations**, each of which costs about a microsecond beside its arithmetic. The two
/// halves of a rotary pair are stored side by side, so that rotation is one complex product in
/// place. Heads are stored as (member of the group, key/value head), the order in which attention
/// writes its rows. Masks are looked up, and keys and values that lie in a row are not gathered. On
/// the CPU and in 32 bits the norms' weights are folded into the linear layer behind them, unless
/// that would cost 16-bit weights their exactness.
final class DecoderScript {
  /// Query rows are padded to a multiple of this: fewer rows take another matrix kernel with other
  /// bits.
  static final int ROW_TILE = 4;

  /// Numbers at the start of `shape`, and per group behind them.
  static final int SHAPE_HEADER = 6;

  static final int SHAPE_PER_GROUP = 7;

  /// Parts of the packed tensor before the groups', and per group.
  static final int PARTS_HEADER = 4;

  static final int PARTS_PER_GROUP = 5;

  /// libtorch's numbers of the types.
  private static final int FLOAT = 6;

  private static final int DOUBLE = 7;

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+)}");

  private final ModelConfig config;
  private final Precision weights;
  private final Precision precision;
  private final boolean portable;
  private final String device;
  private final Linears linears;
  private final RowRule rows;
  private final boolean doubleAttention;
  private final int keyTile;

  DecoderScript(ModelConfig config, DecoderOptions options, Linears linears, RowRule rows) {
    this.config = config;
    this.weights = options.precision();
    this.precision = options.activations();
    this.portable = options.portable();
    this.device = options.device().isGpu() ? "cuda:" + options.device().getDeviceId() : "cpu";
    this.linears = linears;
    this.rows = rows;
    this.doubleAttention = options.doubleAttention();
    this.keyTile = options.keyTile();
  }

  ScriptArchive archive() {
    Map<String, String> values = values();
    ScriptArchive archive =
        new ScriptArchive()
            .tensorList("g")
            .tensorList("norms")
            .list("linears", linears.type())
            .tensorList("biases")
            .tensorList("cells")
            .tensorList("blocks")
            .methods(fill(DecoderText.BIND, values))
            .methods(fill(portable ? DecoderText.PLAIN_ATTENTION : DecoderText.FLASH, values))
            .methods(fill(DecoderText.ATTEND, values))
            .methods(fill(DecoderText.FORWARD, values))
            .methods(fill(DecoderText.SHARE, values));
    return rows.limited() ? archive.methods(fill(DecoderText.PRODUCT, values)) : archive;
  }

  private Map<String, String> values() {
    boolean half = precision != Precision.F32;
    boolean folded = !portable && !half && linears != Linears.HALF;
    int hidden = config.hiddenSize();
    Map<String, String> values = new HashMap<>();
    values.put("linear", linears.type());
    values.put("store", linears.store());
    values.put("most", number(rows.most()));
    values.put("whole", linears.apply("x", "w", null));
    values.put("part", linears.apply("h", "w", null));
    values.put("fold", folded ? "torch.mul(f, g)" : "f");
    values.put("device", "torch.device(\"" + device + "\")");
    values.put(
        "received", portable ? "torch.to(packed, torch.device(\"" + device + "\"), 4)" : "packed");
    values.put("unscored", portable ? "parts[0]" : "parts[3]");
    values.put("result", portable ? "self.host(out)" : "out");
    values.put("qkv", linear("h", "4 * i", config.qkvBias() ? "self.biases[i]" : null));
    values.put("out", linear("a", "4 * i + 1", null));
    values.put("gateUp", linear("h", "4 * i + 2", null));
    values.put("down", linear("u", "4 * i + 3", null));
    values.put("head", linear("h", "-1", null));
    values.put("attentionNorm", norm(folded, "self.norms[2 * i]"));
    values.put("mlpNorm", norm(folded, "self.norms[2 * i + 1]"));
    values.put("finalNorm", norm(folded, "self.norms[-1]"));
    values.put("toAttention", doubleAttention ? "torch.to(rows, 7)" : "rows");
    values.put(
        "fromAttention",
        doubleAttention ? "torch.to(y, " + number(precision.scalarType()) + ")" : "y");
    values.put("attention", number(doubleAttention ? DOUBLE : precision.scalarType()));
    values.put("maskType", number(doubleAttention ? DOUBLE : FLOAT));
    values.put("weightType", number(weights.scalarType()));
    String embedded = "torch.embedding(self.g[0], parts[0])";
    values.put(
        "embedded",
        weights == precision
            ? embedded
            : "torch.to(%s, %d)".formatted(embedded, precision.scalarType()));
    values.put("type", number(precision.scalarType()));
    values.put("tied", config.tiedEmbeddings() ? "True" : "False");
    values.put("biased", config.qkvBias() ? "True" : "False");
    values.put("sqrtHidden", Double.toString(Math.sqrt(hidden)));
    values.put("sqrtHiddenEps", Double.toString(Math.sqrt(hidden * config.rmsNormEps())));
    values.put("hidden", number(hidden));
    values.put("layers", number(config.layers()));
    values.put("heads", number(config.heads()));
    values.put("kvHeads", number(config.kvHeads()));
    values.put("rotated", number(config.heads() + config.kvHeads()));
    values.put("cell", number(2 * config.kvHeads() * config.headDim()));
    values.put("tileCells", number(2 * config.kvHeads() * config.headDim() * keyTile));
    values.put("valuesAt", number(config.kvHeads() * config.headDim()));
    values.put("inner", number(config.intermediateSize()));
    values.put("inner2", number(2 * config.intermediateSize()));
    values.put("allHeads", number(config.heads() + 2 * config.kvHeads()));
    values.put("groupSize", number(config.groupSize()));
    values.put("dim", number(config.headDim()));
    values.put("pairs", number(config.headDim() / 2));
    values.put("width", number(config.heads() * config.headDim()));
    values.put("qkvWidth", number((config.heads() + 2 * config.kvHeads()) * config.headDim()));
    values.put("rotate", fill(half ? DecoderText.ROTATE_IN_FLOAT : DecoderText.ROTATE, values));
    values.put("scale", Double.toString(1 / Math.sqrt(config.headDim())));
    values.put("tile", number(keyTile));
    return values;
  }

  private static String number(int value) {
    return Integer.toString(value);
  }

  private String linear(String input, String index, String bias) {
    String weights = "self.linears[" + index + "]";
    if (!rows.limited()) {
      return linears.apply(input, weights, bias);
    }
    String product = "self.product(%s, %s)".formatted(input, weights);
    return bias == null ? product : "torch.add_(%s, %s)".formatted(product, bias);
  }

  /// RMS norm without its factor `√hidden`, which the weights carry: `x / √(‖x‖² + hidden·ε)`.
  private String norm(boolean folded, String weight) {
    String root = "torch.hypot(torch.linalg_vector_norm(%s, 2, [-1], True), self.g[2])";
    if (folded) {
      return "torch.div(x, " + root.formatted("x") + ")";
    }
    String wide = precision == Precision.F32 ? "x" : "torch.to(x, 6)";
    String narrow = "torch.to(torch.div(" + wide + ", " + root.formatted(wide) + "), ${type})";
    return "torch.mul("
        + narrow.replace("${type}", number(precision.scalarType()))
        + ", "
        + weight
        + ")";
  }

  private static String fill(String text, Map<String, String> values) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    return matcher.replaceAll(
        found -> {
          String value = values.get(found.group(1));
          if (value == null) {
            throw new IllegalStateException("no value for " + found.group());
          }
          return Matcher.quoteReplacement(value);
        });
  }
}
