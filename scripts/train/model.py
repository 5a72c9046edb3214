"""A decoder of the Llama family in PyTorch, and Hugging Face directories of it: what AdaSpec's Checkpoint reads."""

import json
import math
import pathlib

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F


class Shape:
    """Sizes, named as in config.json."""

    def __init__(self, vocab, hidden, layers, heads, kv_heads, inner, context, theta=10000.0, eps=1e-5, tied=True):
        if hidden % heads or heads % kv_heads:
            raise ValueError(f"heads must divide hidden size and be a multiple of key/value heads: {hidden}, {heads}, {kv_heads}")
        self.vocab, self.hidden, self.layers, self.inner, self.context = vocab, hidden, layers, inner, context
        self.heads, self.kv_heads, self.dim = heads, kv_heads, hidden // heads
        self.theta, self.eps, self.tied = theta, eps, tied

    @staticmethod
    def read(directory):
        c = json.loads((pathlib.Path(directory) / "config.json").read_text())
        if c["architectures"] != ["LlamaForCausalLM"] or c.get("rope_scaling"):
            raise ValueError(f"{directory}: LlamaForCausalLM without rope scaling is needed, not {c['architectures']}")
        shape = Shape(
            c["vocab_size"], c["hidden_size"], c["num_hidden_layers"], c["num_attention_heads"],
            c.get("num_key_value_heads", c["num_attention_heads"]), c["intermediate_size"],
            c["max_position_embeddings"], c.get("rope_theta", 10000.0), c["rms_norm_eps"],
            c.get("tie_word_embeddings", False),
        )
        shape.dim = c.get("head_dim", shape.dim)
        return shape

    def config(self):
        return {
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
            "vocab_size": self.vocab, "hidden_size": self.hidden, "intermediate_size": self.inner,
            "num_hidden_layers": self.layers, "num_attention_heads": self.heads, "num_key_value_heads": self.kv_heads,
            "head_dim": self.dim, "max_position_embeddings": self.context, "rms_norm_eps": self.eps,
            "rope_theta": self.theta, "tie_word_embeddings": self.tied, "bos_token_id": 0, "eos_token_id": 1,
            "pad_token_id": 2, "torch_dtype": "float16",
        }


class Layer(nn.Module):
    """Attribute names are those of the checkpoint's tensors."""

    def __init__(self, s):
        super().__init__()
        self.shape = s
        self.input_layernorm = nn.RMSNorm(s.hidden, s.eps)
        self.post_attention_layernorm = nn.RMSNorm(s.hidden, s.eps)
        linear = lambda inputs, outputs: nn.Linear(inputs, outputs, bias=False)
        self.self_attn = nn.ModuleDict({
            "q_proj": linear(s.hidden, s.heads * s.dim), "k_proj": linear(s.hidden, s.kv_heads * s.dim),
            "v_proj": linear(s.hidden, s.kv_heads * s.dim), "o_proj": linear(s.heads * s.dim, s.hidden),
        })
        self.mlp = nn.ModuleDict({
            "gate_proj": linear(s.hidden, s.inner), "up_proj": linear(s.hidden, s.inner),
            "down_proj": linear(s.inner, s.hidden),
        })

    def forward(self, x, cos, sin):
        s, a = self.shape, self.self_attn
        b, t, _ = x.shape
        h = self.input_layernorm(x)
        heads = lambda y, n: y.view(b, t, n, s.dim).transpose(1, 2)
        q = rotate(heads(a["q_proj"](h), s.heads), cos, sin)
        k = rotate(heads(a["k_proj"](h), s.kv_heads), cos, sin)
        v = heads(a["v_proj"](h), s.kv_heads)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        x = x + a["o_proj"](y.transpose(1, 2).reshape(b, t, -1))
        h = self.post_attention_layernorm(x)
        return x + self.mlp["down_proj"](F.silu(self.mlp["gate_proj"](h)) * self.mlp["up_proj"](h))


def rotate(x, cos, sin):
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat([-second, first], -1) * sin


class Decoder(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.embed_tokens = nn.Embedding(shape.vocab, shape.hidden)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = nn.RMSNorm(shape.hidden, shape.eps)
        if not shape.tied:
            self.lm_head = nn.Linear(shape.hidden, shape.vocab, bias=False)
        for name, p in self.named_parameters():
            if p.dim() > 1:
                deep = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(p, std=0.02 / math.sqrt(2 * shape.layers) if deep else 0.02)
        angles = torch.outer(torch.arange(shape.context).float(), shape.theta ** (-torch.arange(0, shape.dim, 2) / shape.dim))
        self.register_buffer("angles", torch.cat([angles, angles], -1), persistent=False)

    def forward(self, tokens):
        """Logits [batch, tokens, vocabulary] in 32 bits."""
        angles = self.angles[: tokens.shape[1]]
        x = self.embed_tokens(tokens)
        for layer in self.layers:
            x = layer(x, angles.cos(), angles.sin())
        head = self.embed_tokens.weight if self.shape.tied else self.lm_head.weight
        return F.linear(self.norm(x), head).float()

    def save(self, directory, tokenizer):
        """Writes a Hugging Face directory with weights in f16.

        tokenizer: a directory whose tokenizer.json, and tokenizer_config.json if there is one, are copied.
        """
        directory = pathlib.Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        own = lambda name: name if name.startswith("lm_head") else "model." + name
        weights = {own(name): p.detach().half().cpu().contiguous() for name, p in self.named_parameters()}
        save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})
        (directory / "config.json").write_text(json.dumps(self.shape.config(), indent=2) + "\n")
        for name in ("tokenizer.json", "tokenizer_config.json"):
            source = pathlib.Path(tokenizer) / name
            if source.exists() and source.resolve() != (directory / name).resolve():
                (directory / name).write_text(source.read_text())

    @staticmethod
    def load(directory):
        model = Decoder(Shape.read(directory))
        weights = {}
        for file in sorted(pathlib.Path(directory).glob("*.safetensors")):
            weights.update(load_file(file))
        weights = {name.removeprefix("model."): w.float() for name, w in weights.items()}
        if model.shape.tied:
            weights.pop("lm_head.weight", None)
        model.load_state_dict(weights)
        return model
