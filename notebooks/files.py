"""Reads result files. Nothing here computes a metric: they come from the files as AdaSpec wrote them."""

import json
import os
from pathlib import Path

import pandas as pd
import pyarrow as pa

RESULTS = Path(os.environ.get("ADASPEC_RESULTS", Path(__file__).parent.parent / "target" / "notebooks" / "results"))


def table(path):
    """An Arrow file; every field's metadata has its unit and what it is."""
    with pa.OSFile(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def fields(arrow):
    """Name, type, unit and meaning of every column."""
    rows = [
        (field.name, str(field.type).split("<")[0], *((field.metadata or {}).get(key, b"").decode() for key in (b"unit", b"doc")))
        for field in arrow.schema
    ]
    return pd.DataFrame(rows, columns=["column", "type", "unit", "what"]).set_index("column")


def info(run):
    """run.json: configuration, versions, device, verdict."""
    return json.loads((run / "run.json").read_text())


def csv(results, name):
    """A table that `adaspec report --csv` wrote beside the runs."""
    return pd.read_csv(results / "tables" / f"{name}.csv")


def metrics(results):
    """A row per run and a column per metric, named as in a sweep's summary: mean_ttft, p99_tpot, attainment."""
    long = csv(results, "metrics")
    statistic = long.statistic.fillna("").str.lower()
    long["column"] = (statistic + "_").where(statistic != "", "") + long.metric
    return long.pivot(index="run", columns="column", values="value")
