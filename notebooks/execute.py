"""Executes notebooks, keeps them stripped, and checks that they are. Called by notebooks/run."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NOTEBOOKS = sorted(HERE.glob("*.ipynb"))


def stripped(text):
    """The notebook without outputs, counts and metadata of the editor."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def strip():
    for path in NOTEBOOKS:
        path.write_text(stripped(path.read_text(encoding="utf-8")), encoding="utf-8")


def check():
    """Exits with 1 where a notebook holds what strip() would take out."""
    dirty = []
    for path in NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        if text != stripped(text):
            dirty.append(path.name)
    if not NOTEBOOKS:
        sys.exit(f"no notebooks in {HERE}")
    if dirty:
        sys.exit(f"not stripped: {', '.join(dirty)}; run notebooks/run --strip")


def execute(output):
    """Runs each notebook from top to bottom; the first error ends it, naming notebook and cell."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    output.mkdir(parents=True, exist_ok=True)
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(HERE)}})
        try:
            client.execute()
        except CellExecutionError as error:
            sys.exit(f"{path.name}: {error}")
        finally:
            nbformat.write(notebook, output / path.name)
        print(f"{path.name}: ran, with its outputs in {output / path.name}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--strip"]:
            strip()
        case ["--check"]:
            check()
        case ["--execute", output]:
            execute(Path(output))
        case other:
            sys.exit(f"unknown arguments {other}")
