package io.adaspec.engine.exec.djl;

/// The methods of the decoder program with placeholders for the model's shape; see [DecoderScript]
/// for names.
final class DecoderText {
  private DecoderText() {}

  static final String ROTATE_IN_FLOAT =
      "z = torch.copy_(pairs, torch.view_as_real(torch.mul(torch.view_as_complex(torch.to(pairs,"
          + " 6)), turn)))";

  /// Hugging Face weights, once: fused, reordered, folded, packed; nothing kept aliases the
  /// caller's memory. `self.g`: embedding, head, rotations `[positions, pairs]`, `√(hidden·ε)`,
  /// final norm, cell numbers. `self.w` per layer: attention norm, QKV, output, MLP norm, gate and
  /// up, down, QKV bias.
  static final String BIND =
      """
      def bind(self, ws: List[Tensor], rotations: Tensor, cells: int) -> int:
        g = torch.mul(torch.to(ws[1], 6), ${sqrtHidden})
        embedding = torch.clone(torch.to(ws[0], ${type}))
        if ${tied}:
          head = self.fold(torch.to(ws[0], 6), g)
        else:
          head = self.fold(torch.to(ws[2], 6), g)
        eps = torch.full([1], ${sqrtHiddenEps}, dtype=6, device=embedding.device)
        numbers = torch.arange(cells, dtype=4, device=embedding.device)
        self.g = [embedding, head, torch.view_as_complex(torch.clone(rotations)), eps, torch.to(g, ${type}), numbers]
        w = annotate(List[Tensor], [])
        for i in range(${layers}):
          _0 = self.bindLayer(w, ws, 3 + 12 * i)
        self.w = w
        return torch.len(w)
      def bindLayer(self, out: List[Tensor], ws: List[Tensor], at: int) -> int:
        g1 = torch.mul(torch.to(ws[at], 6), ${sqrtHidden})
        qkv = torch.cat([self.queries(ws[at + 1]), self.keys(ws[at + 2]), torch.to(ws[at + 3], 6)], 0)
        o = torch.reshape(torch.permute(torch.view(torch.to(ws[at + 4], 6), [${hidden}, ${kvHeads}, ${groupSize}, ${dim}]), [0, 2, 1, 3]), [${hidden}, ${width}])
        g2 = torch.mul(torch.to(ws[at + 5], 6), ${sqrtHidden})
        gateUp = torch.cat([torch.to(ws[at + 6], 6), torch.to(ws[at + 7], 6)], 0)
        one = torch.ones([1], dtype=6, device=g1.device)
        _0 = torch.append(out, torch.to(g1, ${type}))
        _1 = torch.append(out, self.fold(qkv, g1))
        _2 = torch.append(out, self.store(o))
        _3 = torch.append(out, torch.to(g2, ${type}))
        _4 = torch.append(out, self.fold(gateUp, g2))
        _5 = torch.append(out, self.store(torch.to(ws[at + 8], 6)))
        if ${biased}:
          _6 = torch.append(out, torch.to(torch.cat([self.queries(ws[at + 9]), self.keys(ws[at + 10]), torch.to(ws[at + 11], 6)], 0), ${type}))
        else:
          _7 = torch.append(out, one)
        return 0
      def queries(self, w: Tensor) -> Tensor:
        pairs = torch.reshape(torch.to(w, 6), [${kvHeads}, ${groupSize}, 2, ${pairs}, -1])
        h = torch.reshape(torch.permute(pairs, [1, 0, 3, 2, 4]), [${width}, -1])
        if torch.dim(w) == 1:
          h = torch.squeeze(h, 1)
        return h
      def keys(self, w: Tensor) -> Tensor:
        h = torch.flatten(torch.transpose(torch.reshape(torch.to(w, 6), [${kvHeads}, 2, ${pairs}, -1]), 1, 2), 0, 2)
        if torch.dim(w) == 1:
          h = torch.squeeze(h, 1)
        return h
      def fold(self, w: Tensor, g: Tensor) -> Tensor:
        return self.store(${fold})
      def store(self, f: Tensor) -> Tensor:
        w = torch.to(f, ${type})
        if ${keepPlain}:
          _0 = torch.append(self.plain, torch.clone(w))
        return ${pack}
      def cache(self, slots: int, blockSize: int) -> int:
        cells = annotate(List[Tensor], [])
        blocks = annotate(List[Tensor], [])
        for i in range(${layers}):
          c = torch.zeros([slots, ${kvPair}, ${dim}], dtype=${type}, device=self.g[0].device)
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

  /// `q [b·t, heads, dim]`, `blocks [blocks, cells of a block]`, `table [b·k·blocks of a tile]`,
  /// `mask [b·k, 1, m or 1, tile]` → `[b·t, heads·dim]`.
  static final String ATTEND =
      """
      def attend(self, q: Tensor, blocks: Tensor, table: Tensor, mask: Tensor, b: int, t: int, k: int, m: int) -> Tensor:
        r = t * ${groupSize}
        q = torch.reshape(torch.to(q, ${attention}), [b, r, ${kvHeads}, ${dim}])
        if m > r:
          if r == 1:
            q = torch.cat([q, q, q, q], 1)
          else:
            q = torch.cat([q, torch.slice(q, 1, 0, m - r)], 1)
        if k > 1:
          q = torch.reshape(torch.expand(torch.unsqueeze(q, 1), [b, k, m, ${kvHeads}, ${dim}]), [b * k, m, ${kvHeads}, ${dim}])
        kv = torch.transpose(torch.view(torch.to(torch.index_select(blocks, 0, table), ${attention}), [b * k, ${tile}, ${kvPair}, ${dim}]), 1, 2)
        y, l = self.tile(torch.transpose(q, 1, 2), torch.slice(kv, 1, 0, ${kvHeads}), torch.slice(kv, 1, ${kvHeads}, ${kvPair}), mask)
        if k > 1:
          share = torch.to(torch.softmax(torch.reshape(l, [b, k, m, ${kvHeads}, 1]), 1, 7), ${attention})
          y = torch.sum(torch.mul(torch.reshape(y, [b, k, m, ${kvHeads}, ${dim}]), share), [1])
        return torch.to(torch.reshape(torch.slice(y, 1, 0, r), [b * t, ${width}]), ${type})
      def mask(self, limits: Tensor, visible: Tensor, b: int, k: int) -> Tensor:
        cells = torch.view(torch.slice(self.g[5], 0, 0, k * ${tile}), [1, k, 1, ${tile}])
        hidden = torch.mul(torch.ge(cells, torch.view(limits, [b, 1, -1, 1])), -1.0e+30)
        hidden = torch.to(hidden, ${maskType})
        if torch.size(visible, 0) > 0:
          _0 = torch.index_fill_(torch.view(hidden, [-1]), 0, visible, 0.)
        return torch.view(hidden, [b * k, 1, -1, ${tile}])
      def attention(self, q: Tensor, i: int, parts: List[Tensor], masks: List[Tensor], shape: List[int]) -> Tensor:
        outs = annotate(List[Tensor], [])
        for j in range(shape[2]):
          s = 5 + 6 * j
          p = 4 + 5 * j
          b = shape[s + 2]
          t = shape[s + 3]
          x = torch.slice(q, 0, shape[s], shape[s] + shape[s + 1])
          if shape[s + 1] < b * t:
            x = torch.index_select(x, 0, parts[p + 3])
          y = self.attend(x, self.blocks[i], parts[p], masks[j], b, t, shape[s + 4], shape[s + 5])
          if shape[s + 1] < b * t:
            y = torch.index_select(y, 0, parts[p + 4])
          _0 = torch.append(outs, y)
        if shape[2] == 1:
          a = outs[0]
        else:
          a = torch.cat(outs, 0)
        return a
      """;

  /// `parts`: tokens, positions, slots, rows that need scores; per group block tables, limits,
  /// visible mask entries, rows to pad, rows to keep. `shape`: tokens, rows to score (-1: all as
  /// they are), groups, children per row, logits wanted; per group first token, tokens, b, t, k, m.
  static final String FORWARD =
      """
      def forward(self, p: Tensor, sizes: List[int], shape: List[int]) -> List[Tensor]:
        parts = torch.split_with_sizes(p, sizes)
        n = shape[0]
        masks = annotate(List[Tensor], [])
        for j in range(shape[2]):
          _0 = torch.append(masks, self.mask(parts[5 + 5 * j], parts[6 + 5 * j], shape[7 + 6 * j], shape[9 + 6 * j]))
        x = torch.embedding(self.g[0], parts[0])
        turn = torch.unsqueeze(torch.index_select(self.g[2], 0, parts[1]), 1)
        for i in range(${layers}):
          at = 7 * i
          h = ${attentionNorm}
          qkv = torch.view(${qkv}, [n, ${allHeads}, ${dim}])
          pairs = torch.view(torch.slice(qkv, 1, 0, ${rotated}), [n, ${rotated}, ${pairs}, 2])
          ${rotate}
          _1 = torch.index_copy_(self.cells[i], 0, parts[2], torch.slice(qkv, 1, ${heads}, ${allHeads}))
          a = self.attention(torch.slice(qkv, 1, 0, ${heads}), i, parts, masks, shape)
          x = torch.add_(${out}, x)
          h = ${mlpNorm}
          gate, up = torch.chunk(${gateUp}, 2, -1)
          u = torch.mul(torch.silu_(gate), up)
          x = torch.add_(${down}, x)
        if shape[1] > 0:
          x = torch.index_select(x, 0, parts[3])
        if shape[1] == 0:
          out = [parts[3]]
        else:
          out = self.scores(x, shape[3], shape[4])
        return out
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

  /// All that a module holds, for another of the same model with fewer layers.
  static final String SHARE =
      """
      def shared(self) -> List[List[Tensor]]:
        return [self.g, self.w, self.plain, self.cells, self.blocks]
      def adopt(self, parts: List[List[Tensor]]) -> int:
        self.g = parts[0]
        self.w = parts[1]
        self.plain = parts[2]
        self.cells = parts[3]
        self.blocks = parts[4]
        return torch.len(parts)
      """;
}
