package io.adaspec.engine.exec.djl;

/// The methods of the decoder program with placeholders for the model's shape; see [DecoderScript]
/// for names.
final class DecoderText {
  private DecoderText() {}

  static final String ROTATE =
      "_1 = torch.mul_(torch.slice(torch.view_as_complex(pairs), 1, 0, ${rotated}), turn)";

  static final String ROTATE_IN_FLOAT =
      "_1 = torch.copy_(torch.slice(pairs, 1, 0, ${rotated}), torch.view_as_real(torch.mul("
          + "torch.view_as_complex(torch.to(torch.slice(pairs, 1, 0, ${rotated}), 6)), turn)))";

  /// Hugging Face weights, once: fused, reordered, folded, packed; nothing kept aliases the
  /// caller's memory. `self.g`: embedding, rotations `[positions, pairs]`, `√(hidden·ε)`, rows of
  /// masks `[cells seen, cells of a tile]`. `self.norms`: attention and MLP per layer, then the
  /// final one. `self.linears`: QKV, output, gate and up, down per layer, then the head. What is
  /// last is found from the end: a model of the first layers shares both lists. (Lists that come
  /// from the archive do not know the type of their elements, so `adopt` would refuse them: `bind`
  /// makes its own.)
  static final String BIND =
      """
      def bind(self, ws: List[Tensor], rotations: Tensor) -> int:
        embedding = torch.clone(torch.to(ws[0], ${device}, ${weightType}))
        eps = torch.full([1], ${sqrtHiddenEps}, dtype=6, device=embedding.device)
        cells = torch.arange(${tile}, dtype=4, device=embedding.device)
        seen = torch.arange(${tile} + 1, dtype=4, device=embedding.device)
        hidden = torch.to(torch.mul(torch.ge(cells, torch.unsqueeze(seen, 1)), -1.0e+30), ${maskType})
        self.g = [embedding, torch.view_as_complex(torch.clone(torch.to(rotations, ${device}, 6))), eps, hidden]
        self.norms = annotate(List[Tensor], [])
        self.linears = annotate(List[${linear}], [])
        self.biases = annotate(List[Tensor], [])
        for i in range(${layers}):
          _0 = self.bindLayer(ws, 3 + 12 * i)
        g = self.norm(ws[1])
        if ${tied}:
          head = ws[0]
        else:
          head = ws[2]
        return self.linear(torch.to(head, ${device}, 6), g)
      def bindLayer(self, ws: List[Tensor], at: int) -> int:
        g = self.norm(ws[at])
        _0 = self.linear(torch.cat([self.queries(ws[at + 1]), self.keys(ws[at + 2]), torch.to(ws[at + 3], ${device}, 6)], 0), g)
        one = torch.ones([1], dtype=6, device=g.device)
        _1 = self.linear(torch.reshape(torch.permute(torch.view(torch.to(ws[at + 4], ${device}, 6), [${hidden}, ${kvHeads}, ${groupSize}, ${dim}]), [0, 2, 1, 3]), [${hidden}, ${width}]), one)
        g = self.norm(ws[at + 5])
        _2 = self.linear(torch.cat([torch.to(ws[at + 6], ${device}, 6), torch.to(ws[at + 7], ${device}, 6)], 0), g)
        _3 = self.linear(torch.to(ws[at + 8], ${device}, 6), one)
        if ${biased}:
          _4 = torch.append(self.biases, torch.to(torch.cat([self.queries(ws[at + 9]), self.keys(ws[at + 10]), torch.to(ws[at + 11], ${device}, 6)], 0), ${type}))
        return 0
      def queries(self, w: Tensor) -> Tensor:
        pairs = torch.reshape(torch.to(w, ${device}, 6), [${kvHeads}, ${groupSize}, 2, ${pairs}, -1])
        h = torch.reshape(torch.permute(pairs, [1, 0, 3, 2, 4]), [${width}, -1])
        if torch.dim(w) == 1:
          h = torch.squeeze(h, 1)
        return h
      def keys(self, w: Tensor) -> Tensor:
        h = torch.flatten(torch.transpose(torch.reshape(torch.to(w, ${device}, 6), [${kvHeads}, 2, ${pairs}, -1]), 1, 2), 0, 2)
        if torch.dim(w) == 1:
          h = torch.squeeze(h, 1)
        return h
      def norm(self, w: Tensor) -> Tensor:
        g = torch.mul(torch.to(w, ${device}, 6), ${sqrtHidden})
        _0 = torch.append(self.norms, torch.to(g, ${type}))
        return g
      def linear(self, f: Tensor, g: Tensor) -> int:
        w = torch.to(${fold}, ${type})
        _0 = torch.append(self.linears, ${store})
        return 0
      def cache(self, slots: int, blockSize: int) -> int:
        cells = annotate(List[Tensor], [])
        blocks = annotate(List[Tensor], [])
        for i in range(${layers}):
          c = torch.zeros([slots, ${cell}], dtype=${type}, device=self.g[0].device)
          _0 = torch.append(cells, c)
          _1 = torch.append(blocks, torch.view(c, [slots // blockSize, -1]))
        self.cells = cells
        self.blocks = blocks
        return 0
      def move(self, src: Tensor, dst: Tensor) -> int:
        for i in range(${layers}):
          c = self.cells[i]
          _0 = torch.index_copy_(c, 0, dst, torch.index_select(c, 0, src))
        return 0
      """;

  /// Attention inside one key tile, with the log-sum-exp of its scores: rows `[b·k, kvHeads, m,
  /// dim]`.
  static final String FLASH =
      """
      def tile(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tuple[Tensor, Tensor]:
        r, l = torch._scaled_dot_product_flash_attention_for_cpu(q, k, v, 0., False, attn_mask=mask)
        return (torch.transpose(r, 1, 2), torch.transpose(l, 1, 2))
      """;

  static final String PLAIN_ATTENTION =
      """
      def tile(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tuple[Tensor, Tensor]:
        s = torch.add(torch.to(torch.matmul(q, torch.transpose(k, 2, 3)), ${maskType}) * ${scale}, mask)
        l = torch.logsumexp(s, [-1])
        r = torch.matmul(torch.to(torch.exp(torch.sub(s, torch.unsqueeze(l, -1))), ${attention}), v)
        return (torch.transpose(r, 1, 2), torch.transpose(l, 1, 2))
      """;

  /// `rows [b·t, heads·dim]`, `table [b·k·blocks of a tile]`, `mask [b·k, 1, m or 1, tile]` →
  /// `[b·t, heads·dim]`. Keys and values are read where they lie if the group's cells follow each
  /// other from `cell` on, and gathered where it is -1.
  static final String ATTEND =
      """
      def attend(self, rows: Tensor, i: int, table: Tensor, mask: Tensor, shape: List[int], s: int) -> Tensor:
        b = shape[s + 2]
        k = shape[s + 4]
        m = shape[s + 5]
        cell = shape[s + 6]
        r = shape[s + 3] * ${groupSize}
        q = torch.reshape(${toAttention}, [b, r, ${kvHeads}, ${dim}])
        if m > r:
          if r == 1:
            q = torch.cat([q, q, q, q], 1)
          else:
            q = torch.cat([q, torch.slice(q, 1, 0, m - r)], 1)
        if k > 1:
          q = torch.reshape(torch.expand(torch.unsqueeze(q, 1), [b, k, m, ${kvHeads}, ${dim}]), [b * k, m, ${kvHeads}, ${dim}])
        kv = self.cells[i]
        at = cell * ${cell}
        if cell < 0:
          kv = torch.to(torch.index_select(self.blocks[i], 0, table), ${attention})
          at = 0
        size = [b * k, ${kvHeads}, ${tile}, ${dim}]
        stride = [${tileCells}, ${dim}, ${cell}, 1]
        keys = torch.as_strided(kv, size, stride, at)
        values = torch.as_strided(kv, size, stride, at + ${valuesAt})
        y, l = self.tile(torch.transpose(q, 1, 2), keys, values, mask)
        if k > 1:
          share = torch.to(torch.softmax(torch.reshape(l, [b, k, m, ${kvHeads}, 1]), 1, 7), ${attention})
          y = torch.sum(torch.mul(torch.reshape(y, [b, k, m, ${kvHeads}, ${dim}]), share), [1])
        if m > r:
          y = torch.slice(y, 1, 0, r)
        y = torch.reshape(y, [-1, ${width}])
        return ${fromAttention}
      def mask(self, seen: Tensor, visible: Tensor, tiles: int, trees: int) -> Tensor:
        hidden = torch.index_select(self.g[3], 0, seen)
        if trees > 0:
          _0 = torch.index_fill_(torch.view(hidden, [-1]), 0, visible, 0.)
        return torch.view(hidden, [tiles, 1, -1, ${tile}])
      def attention(self, q: Tensor, i: int, parts: List[Tensor], masks: List[Tensor], shape: List[int]) -> Tensor:
        outs = annotate(List[Tensor], [])
        for j in range(shape[2]):
          s = 6 + 7 * j
          p = 4 + 5 * j
          x = torch.slice(q, 0, shape[s], shape[s] + shape[s + 1])
          padded = shape[s + 1] < shape[s + 2] * shape[s + 3]
          if padded:
            x = torch.index_select(x, 0, parts[p + 3])
          y = self.attend(x, i, parts[p], masks[j], shape, s)
          if padded:
            y = torch.index_select(y, 0, parts[p + 4])
          _0 = torch.append(outs, y)
        if shape[2] == 1:
          a = outs[0]
        else:
          a = torch.cat(outs, 0)
        if shape[5] > 0:
          a = torch.cat([a, torch.expand(torch.slice(a, 0, 0, 1), [shape[5], ${width}])], 0)
        return a
      """;

  /// `[n, inputs]` → `[n, outputs]`, in parts of [RowRule#most] rows.
  static final String PRODUCT =
      """
      def product(self, x: Tensor, w: ${linear}) -> Tensor:
        n = torch.size(x, 0)
        if n <= ${most}:
          y = ${whole}
        else:
          ys = annotate(List[Tensor], [])
          for i in range((n + ${most} - 1) // ${most}):
            h = torch.slice(x, 0, i * ${most}, (i + 1) * ${most})
            _0 = torch.append(ys, ${part})
          y = torch.cat(ys, 0)
        return y
      """;

  /// `packed`: tokens, positions, slots, rows that need scores; per group block tables, cells seen
  /// per row and tile, visible mask entries, rows to pad, rows to keep; then what is not used.
  /// `sizes`: their lengths. `shape`: tokens, rows to score (-1: all as they are), groups, children
  /// per row, logits wanted, copies of the first token behind the others; per group first token,
  /// tokens, b, t, k, m, first cell.
  static final String FORWARD =
      """
      def forward(self, packed: Tensor, sizes: List[int], shape: List[int]) -> List[Tensor]:
        parts = torch.split_with_sizes(${received}, sizes)
        n = shape[0]
        masks = annotate(List[Tensor], [])
        for j in range(shape[2]):
          p = 5 + 5 * j
          s = 8 + 7 * j
          _0 = torch.append(masks, self.mask(parts[p], parts[p + 1], shape[s] * shape[s + 2], sizes[p + 1]))
        x = ${embedded}
        turn = torch.unsqueeze(torch.index_select(self.g[1], 0, parts[1]), 1)
        for i in range(${layers}):
          h = ${attentionNorm}
          qkv = ${qkv}
          pairs = torch.view(qkv, [n, ${allHeads}, ${pairs}, 2])
          ${rotate}
          _2 = torch.index_copy_(self.cells[i], 0, parts[2], torch.slice(qkv, 1, ${width}, ${qkvWidth}))
          a = self.attention(torch.slice(qkv, 1, 0, ${width}), i, parts, masks, shape)
          x = torch.add_(${out}, x)
          h = ${mlpNorm}
          gateUp = ${gateUp}
          gate = torch.silu_(torch.slice(gateUp, 1, 0, ${inner}))
          u = torch.mul(gate, torch.slice(gateUp, 1, ${inner}, ${inner2}))
          x = torch.add_(${down}, x)
        if shape[1] > 0:
          x = torch.index_select(x, 0, parts[3])
        if shape[1] == 0:
          out = [${unscored}]
        else:
          out = self.scores(x, shape[3], shape[4])
        return ${result}
      def host(self, out: List[Tensor]) -> List[Tensor]:
        copies = annotate(List[Tensor], [])
        for i in range(torch.len(out)):
          _0 = torch.append(copies, torch.cpu(out[i]))
        return copies
      def scores(self, x: Tensor, width: int, keep: int) -> List[Tensor]:
        h = ${finalNorm}
        logits = torch.to(${head}, 6)
        if width == 0:
          out = [torch.argmax(logits, -1)]
        elif width == 1:
          q, ids = torch.max(torch.softmax(logits, -1), -1)
          out = [ids, q]
        else:
          q, ids = torch.topk(torch.softmax(logits, -1), width)
          out = [ids, q]
        if keep > 0:
          _0 = torch.append(out, logits)
        return out
      """;

  /// The cache, for [LoopDecoder], and all that a module holds, for another of the same model with
  /// fewer layers.
  static final String SHARE =
      """
      def keysAndValues(self) -> List[Tensor]:
        return self.cells
      def shared(self) -> Tuple[List[Tensor], List[Tensor], List[${linear}], List[Tensor], List[Tensor], List[Tensor]]:
        return (self.g, self.norms, self.linears, self.biases, self.cells, self.blocks)
      def adopt(self, parts: Tuple[List[Tensor], List[Tensor], List[${linear}], List[Tensor], List[Tensor], List[Tensor]]) -> int:
        g, norms, linears, biases, cells, blocks = parts
        self.g = g
        self.norms = norms
        self.linears = linears
        self.biases = biases
        self.cells = cells
        self.blocks = blocks
        return torch.len(linears)
      """;
}
