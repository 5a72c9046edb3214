"""Greedy text of a llama GGUF file by NumPy, as an independent check of AdaSpec's dequantisation, decoder and tokenizer.

    pip install gguf numpy tokenizers
    python scripts/gguf_greedy.py MODEL.gguf "The capital of France is" 24

prints the token ids of the prompt, the continuation's ids with the distance of the two best logits, and its text.
Compare the text with

    ./adaspec generate --target MODEL.gguf --policy autoregressive --no-chat --max-tokens 24 "The capital of France is"

Weights are dequantised by the gguf package and computed with in float32. A token whose two best logits are closer
than the rounding of float32 sums (about 1e-4) may differ without either side being wrong.
"""

import sys

import gguf
import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers


def read(path):
    reader = gguf.GGUFReader(path)
    metadata = {name: field.contents() for name, field in reader.fields.items()}
    if metadata["general.architecture"] != "llama":
        sys.exit(f"{path}: architecture {metadata['general.architecture']}, expected llama")
    weights = {
        tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        for tensor in reader.tensors
    }
    return metadata, weights


def tokenizer(metadata):
    """Byte-level BPE whose pre-tokenizer splits digits: the pre-tokenizer that GGUF calls smollm."""
    if metadata["tokenizer.ggml.pre"] != "smollm":
        sys.exit(f"pre-tokenizer {metadata['tokenizer.ggml.pre']}: this script knows smollm only")
    vocabulary = {token: index for index, token in enumerate(metadata["tokenizer.ggml.tokens"])}
    merges = [tuple(merge.split(" ")) for merge in metadata["tokenizer.ggml.merges"]]
    result = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    result.decoder = decoders.ByteLevel()
    return result


class Decoder:
    """The llama architecture of GGUF, one token at a time; its rotary pairs are neighbours (2i, 2i + 1)."""

    def __init__(self, metadata, weights):
        self.weights = weights
        self.layers = metadata["llama.block_count"]
        self.heads = metadata["llama.attention.head_count"]
        self.kv_heads = metadata["llama.attention.head_count_kv"]
        self.epsilon = metadata["llama.attention.layer_norm_rms_epsilon"]
        self.head = weights["token_embd.weight"].shape[1] // self.heads
        base = metadata.get("llama.rope.freq_base", 10000.0)
        self.frequencies = base ** (-np.arange(0, self.head, 2) / self.head)
        self.keys = [[] for _ in range(self.layers)]
        self.values = [[] for _ in range(self.layers)]

    def norm(self, x, name):
        return x / np.sqrt(np.mean(x * x) + self.epsilon) * self.weights[name]

    def rotate(self, x, position):
        angles = position * self.frequencies
        cosine, sine = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
        even, odd = x[:, 0::2], x[:, 1::2]
        return np.stack([even * cosine - odd * sine, even * sine + odd * cosine], axis=-1).reshape(x.shape)

    def logits(self, token, position):
        w = self.weights
        x = w["token_embd.weight"][token]
        for layer in range(self.layers):
            block = f"blk.{layer}."
            h = self.norm(x, block + "attn_norm.weight")
            q = (w[block + "attn_q.weight"] @ h).reshape(self.heads, self.head)
            k = (w[block + "attn_k.weight"] @ h).reshape(self.kv_heads, self.head)
            v = (w[block + "attn_v.weight"] @ h).reshape(self.kv_heads, self.head)
            self.keys[layer].append(self.rotate(k, position))
            self.values[layer].append(v)
            keys = np.repeat(np.stack(self.keys[layer], axis=1), self.heads // self.kv_heads, axis=0)
            values = np.repeat(np.stack(self.values[layer], axis=1), self.heads // self.kv_heads, axis=0)
            scores = np.einsum("hd,htd->ht", self.rotate(q, position), keys) / np.sqrt(self.head)
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            scores /= scores.sum(axis=1, keepdims=True)
            x = x + w[block + "attn_output.weight"] @ np.einsum("ht,htd->hd", scores, values).reshape(-1)
            h = self.norm(x, block + "ffn_norm.weight")
            gate = w[block + "ffn_gate.weight"] @ h
            x = x + w[block + "ffn_down.weight"] @ (gate / (1 + np.exp(-gate)) * (w[block + "ffn_up.weight"] @ h))
        x = self.norm(x, "output_norm.weight")
        return w.get("output.weight", w["token_embd.weight"]) @ x


def main(path, prompt, count):
    metadata, weights = read(path)
    codec = tokenizer(metadata)
    decoder = Decoder(metadata, weights)
    tokens = codec.encode(prompt).ids
    print("prompt", tokens)
    for position, token in enumerate(tokens):
        logits = decoder.logits(token, position)
    reply = []
    for _ in range(count):
        second, best = np.argsort(logits)[-2:]
        print(f"{best} margin {logits[best] - logits[second]:.4f}")
        if best == metadata["tokenizer.ggml.eos_token_id"]:
            break
        reply.append(int(best))
        logits = decoder.logits(best, len(tokens) + len(reply) - 1)
    print(codec.decode(reply))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
