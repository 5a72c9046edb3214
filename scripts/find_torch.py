"""Prints LIBTORCH:CUDART, the folders of libtorch for CUDA and of the CUDA runtime, of this Python's torch 2.7.1.

Ends with 1 and says why where there is none. Imports nothing of torch: it may be built for another machine.
"""

import importlib.util
import pathlib
import sys

NEEDED = "2.7.1"


def main():
    torch = importlib.util.find_spec("torch")
    if torch is None:
        sys.exit(f"{sys.executable} has no package torch")
    folder = pathlib.Path(torch.origin).parent
    version = {}
    exec((folder / "version.py").read_text(), version)
    if version["__version__"].split("+")[0] != NEEDED:
        sys.exit(f"{folder} is torch {version['__version__']}, needed is {NEEDED}")
    if not (folder / "lib" / "libtorch_cuda.so").exists():
        sys.exit(f"{folder} is built for the CPU")
    roots = [folder / "lib", *folder.parent.glob("nvidia/*/lib"), pathlib.Path("/usr/local/cuda/lib64")]
    for root in roots:
        if any(root.glob("libcudart.so*")):
            print(f"{folder / 'lib'}:{root}")
            return
    sys.exit(f"no libcudart.so beside {folder}, nor in /usr/local/cuda/lib64")


main()
