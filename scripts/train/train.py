"""Trains a tokenizer, a target and a distilled draft: see README.md beside this file."""

import argparse
import math
import pathlib
import sys
import time

import torch
from model import Decoder, Shape
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from torch.nn import functional as F

SPECIAL = ["<|bos|>", "<|eos|>", "<|pad|>"]
SUFFIXES = (".txt", ".md", ".java")


def documents(data):
    """Texts by domain, a file each: DATA/DOMAIN/**/FILE."""
    domains = {}
    for file in sorted(pathlib.Path(data).rglob("*")):
        if file.suffix in SUFFIXES and file.is_file():
            domain = file.relative_to(data).parts[0] if len(file.relative_to(data).parts) > 1 else "all"
            domains.setdefault(domain, []).append(file.read_text(encoding="utf-8"))
    if not domains:
        sys.exit(f"{data}: no files {', '.join(SUFFIXES)}")
    return domains


def train_tokenizer(arguments):
    """Byte-level BPE with GPT-2's pre-tokenisation; encoding starts a text with <|bos|>."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=arguments.vocab, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    texts = [text for all_texts in documents(arguments.data).values() for text in all_texts]
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="<|bos|> $A", special_tokens=[("<|bos|>", 0)])
    pathlib.Path(arguments.output).mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(pathlib.Path(arguments.output) / "tokenizer.json"))
    print(f"{tokenizer.get_vocab_size()} tokens in {arguments.output}/tokenizer.json")


class Windows:
    """Random windows of the domains' token streams, domains by weight; the last 2 % are held out."""

    def __init__(self, arguments):
        tokenizer = Tokenizer.from_file(str(pathlib.Path(arguments.tokenizer) / "tokenizer.json"))
        end = tokenizer.token_to_id("<|eos|>")
        if end is None:
            end = tokenizer.token_to_id("<|endoftext|>")
        self.streams, self.held_out = {}, {}
        for domain, texts in documents(arguments.data).items():
            tokens = []
            for encoded in tokenizer.encode_batch(texts):
                tokens += encoded.ids + ([end] if end is not None else [])
            stream = torch.tensor(tokens)
            cut = int(0.98 * len(stream))
            if len(stream) - cut > 16:
                self.streams[domain], self.held_out[domain] = stream[:cut], stream[cut:]
        if not self.streams:
            sys.exit(f"{arguments.data}: too little text")
        given = dict(pair.split("=") for pair in arguments.weights.split(",")) if arguments.weights else {}
        unknown = given.keys() - self.streams.keys()
        if unknown:
            sys.exit(f"--weights names no domain of the data: {', '.join(unknown)}; there are {', '.join(self.streams)}")
        weights = [float(given.get(domain, 0 if given else len(stream))) for domain, stream in self.streams.items()]
        self.weights = torch.tensor(weights)
        self.random = torch.Generator().manual_seed(arguments.seed)

    def batch(self, rows, length):
        streams = list(self.streams.values())
        picked = torch.multinomial(self.weights, rows, replacement=True, generator=self.random)
        return torch.stack([self.window(streams[int(i)], length + 1) for i in picked])

    def window(self, stream, length):
        if len(stream) < length:
            stream = stream.repeat(math.ceil(length / len(stream)))
        start = int(torch.randint(0, len(stream) - length + 1, (1,), generator=self.random))
        return stream[start : start + length]

    def tests(self, length):
        """The held-out streams in windows, at most 16 of a domain."""
        for domain, stream in self.held_out.items():
            length = min(length, len(stream) - 1)
            for start in range(0, min(len(stream) - length, 16 * length), length):
                yield domain, stream[start : start + length + 1].unsqueeze(0)


def optimise(model, arguments, loss_of, data):
    """AdamW with a linear warm-up and a cosine decay to a tenth of the peak learning rate."""
    decayed = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}],
        lr=arguments.learning_rate, betas=(0.9, 0.95),
    )
    warm_up = max(1, arguments.steps // 50)
    started = time.time()
    for step in range(arguments.steps):
        share = step / arguments.steps
        rate = arguments.learning_rate * min((step + 1) / warm_up, 0.55 + 0.45 * math.cos(math.pi * share))
        for group in optimizer.param_groups:
            group["lr"] = rate
        # The whole context is seen at the end only: short windows are cheaper.
        length = arguments.context if share > 0.88 else min(512, arguments.context)
        loss = loss_of(data.batch(max(1, arguments.tokens // length), length).to(arguments.device))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % max(1, arguments.steps // 20) == 0 or step == arguments.steps - 1:
            print(f"step {step + 1}/{arguments.steps}, loss {loss.item():.3f}, {time.time() - started:.0f} s", flush=True)


def cross_entropy(model, windows):
    return F.cross_entropy(model(windows[:, :-1]).flatten(0, 1), windows[:, 1:].flatten())


@torch.no_grad()
def report(model, data, arguments, target=None):
    """Held-out loss by domain, and how often a draft's first choice is the target's."""
    sums = {}
    for domain, windows in data.tests(min(512, arguments.context)):
        windows = windows.to(arguments.device)
        logits = model(windows[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten()).item()
        same = (logits.argmax(-1) == target(windows[:, :-1]).argmax(-1)).float().mean().item() if target else 0
        sums.setdefault(domain, []).append((loss, same))
    for domain, values in sums.items():
        line = f"{domain}: held-out loss {sum(v[0] for v in values) / len(values):.3f}"
        print(line + (f", agrees with the target {sum(v[1] for v in values) / len(values):.3f}" if target else ""))


def shape(arguments, vocab):
    return Shape(
        vocab, arguments.hidden, arguments.layers, arguments.heads, arguments.kv_heads or arguments.heads,
        arguments.inner, arguments.context,
    )


def train_target(arguments):
    data = Windows(arguments)
    vocab = Tokenizer.from_file(f"{arguments.tokenizer}/tokenizer.json").get_vocab_size()
    model = Decoder(shape(arguments, vocab)).to(arguments.device)
    print(f"{sum(p.numel() for p in model.parameters()):,} weights")
    optimise(model, arguments, lambda windows: cross_entropy(model, windows), data)
    report(model, data, arguments)
    model.save(arguments.output, arguments.tokenizer)


def train_draft(arguments):
    """0.9 KL to the target's distribution + 0.1 cross-entropy, on data and, by --on-target, on the target's own text."""
    arguments.tokenizer = arguments.target
    data = Windows(arguments)
    target = Decoder.load(arguments.target).to(arguments.device).eval().requires_grad_(False)
    model = Decoder(shape(arguments, target.shape.vocab)).to(arguments.device)
    print(f"{sum(p.numel() for p in model.parameters()):,} weights")
    random = torch.Generator().manual_seed(arguments.seed)

    def loss_of(windows):
        if torch.rand((), generator=random) < arguments.on_target:
            windows = continued(target, windows[:, : arguments.prompt], windows.shape[1])
        with torch.no_grad():
            wanted = F.log_softmax(target(windows[:, :-1]), -1)
        logits = model(windows[:, :-1])
        kl = F.kl_div(F.log_softmax(logits, -1).flatten(0, 1), wanted.flatten(0, 1), reduction="batchmean", log_target=True)
        return 0.9 * kl + 0.1 * F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())

    optimise(model, arguments, loss_of, data)
    report(model, data, arguments, target)
    model.save(arguments.output, arguments.target)


@torch.no_grad()
def continued(target, prompts, length):
    """Windows of the target's own samples at temperature 1: what a draft meets when it serves."""
    windows = prompts
    while windows.shape[1] < length:
        choice = torch.multinomial(F.softmax(target(windows)[:, -1], -1), 1)
        windows = torch.cat([windows, choice], 1)
    return windows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    tokenizer = commands.add_parser("tokenizer", help="byte-level BPE")
    tokenizer.add_argument("--vocab", type=int, default=4096)
    tokenizer.set_defaults(run=train_tokenizer)
    target = commands.add_parser("target", help="a model, by cross-entropy")
    target.add_argument("--tokenizer", required=True, help="directory with tokenizer.json")
    target.set_defaults(run=train_target)
    draft = commands.add_parser("draft", help="a smaller model, distilled from a target")
    draft.add_argument("--target", required=True, help="Hugging Face directory, Llama family")
    draft.add_argument("--on-target", type=float, default=0.0, help="share of the steps on text that the target samples (slow)")
    draft.add_argument("--prompt", type=int, default=32, help="tokens of data before such text")
    draft.set_defaults(run=train_draft)
    for command in (tokenizer, target, draft):
        command.add_argument("--data", required=True, help="folder of texts: DOMAIN/**/*.txt, *.md, *.java")
        command.add_argument("--output", required=True)
    for command, sizes, rate in ((target, (256, 6, 4, 2, 704), 3e-3), (draft, (96, 2, 3, 3, 256), 4e-3)):
        for name, size in zip(("hidden", "layers", "heads", "kv-heads", "inner"), sizes):
            command.add_argument(f"--{name}", type=int, default=size)
        command.add_argument("--context", type=int, default=1024)
        command.add_argument("--steps", type=int, default=4000)
        command.add_argument("--tokens", type=int, default=6144, help="per step")
        command.add_argument("--learning-rate", type=float, default=rate)
        command.add_argument("--weights", default="", help="share of the windows by domain: code=0.3,prose=0.7")
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--device", default="cpu", help="cpu or cuda")
    arguments = parser.parse_args()
    torch.manual_seed(getattr(arguments, "seed", 1))
    arguments.run(arguments)


main()
