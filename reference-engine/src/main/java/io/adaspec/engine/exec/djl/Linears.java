package io.adaspec.engine.exec.djl;

/// How a decoder's linear layers hold their weights. Each but [#PLAIN] computes a row alike for any
/// number of rows within a [RowRule].
enum Linears {
  /// As they are: any device, any type.
  PLAIN("Tensor", "torch.t(torch.clone(w))"),

  /// In oneDNN's blocked layout: x86.
  PACKED("Tensor", "ops.mkldnn._reorder_linear_weight(w, 1)"),

  /// In FBGEMM's layout, 16 bits each; activations and sums have 32. Half the bytes to read, and
  /// exact for checkpoints in f16; others are rounded: x86 with AVX2.
  HALF(
      "__torch__.torch.classes.quantized.LinearPackedParamsBase",
      "ops.quantized.linear_prepack_fp16(w, None)");

  private final String type;
  private final String store;

  Linears(String type, String store) {
    this.type = type;
    this.store = store;
  }

  /// Type of a layer's weights in TorchScript.
  String type() {
    return type;
  }

  /// TorchScript that makes them of the tensor `w [outputs, inputs]`.
  String store() {
    return store;
  }

  /// TorchScript of `x · weightsᵀ + bias`.
  ///
  /// @param bias an expression, or null for none
  String apply(String x, String weights, String bias) {
    return switch (this) {
      case PLAIN ->
          bias == null
              ? "torch.mm(%s, %s)".formatted(x, weights)
              : "torch.addmm(%s, %s, %s)".formatted(bias, x, weights);
      case PACKED ->
          "ops.mkldnn._linear_pointwise(%s, %s, %s, \"none\", annotate(List[Optional[number]], []), \"\")"
              .formatted(x, weights, bias == null ? "None" : bias);
      case HALF -> {
        String product = "ops.quantized.linear_dynamic_fp16(%s, %s)".formatted(x, weights);
        yield bias == null ? product : "torch.add_(%s, %s)".formatted(product, bias);
      }
    };
  }
}
