"""Milliseconds per token of Hugging Face transformers, greedy, batch 1, bf16, after a prompt of 128 random tokens.

    python scripts/hf_decode.py MODEL_DIRECTORY DEVICE TOKENS

DEVICE is PyTorch's name: cpu, cuda:0. The prompt's forward is not counted: a generation of TOKENS + 1 tokens less one
of a single token. Ends with 3 where the packages torch and transformers are not installed. For a comparison in the run
of scripts/gpu-check.
"""

import sys
import time

try:
    import torch
    import transformers
except ImportError:
    sys.exit(3)


def seconds(model, prompt, tokens):
    start = time.perf_counter()
    with torch.inference_mode():
        reply = model.generate(
            prompt, max_new_tokens=tokens, min_new_tokens=tokens, do_sample=False, pad_token_id=0
        )
    reply.cpu()  # waits for the device
    return time.perf_counter() - start


def main():
    directory, device, tokens = sys.argv[1], sys.argv[2], int(sys.argv[3])
    model = transformers.AutoModelForCausalLM.from_pretrained(directory, torch_dtype=torch.bfloat16)
    model.to(device).eval()
    torch.manual_seed(1)
    prompt = torch.randint(0, min(4000, model.config.vocab_size), (1, 128), device=device)
    seconds(model, prompt, 4)
    rounds = sorted(seconds(model, prompt, tokens + 1) - seconds(model, prompt, 1) for _ in range(3))
    print(
        f"transformers {transformers.__version__}, torch {torch.__version__}, {device}, bf16:"
        f" {1000 * rounds[1] / tokens:.3f} ms per token"
    )


main()
