"""Time other programs' CSV loaders beside ours, on the same files, in one alternating run.

    apt-get install r-cran-data.table
    python3 -m venv /tmp/loaders && /tmp/loaders/bin/pip install pandas pyarrow polars duckdb
    /tmp/loaders/bin/python tests/bench/loaders.py [--rounds 7] [--files tall gene] [--loaders ours polars]

Needs Linux and cargo. The files come from `cargo bench --bench load -- --make`, so they are the same everywhere.

What makes it fair:

* Every load is a fresh process that first reads a tiny file: imports and thread pools are not on the clock.
* In each round every loader reads the file once, in rotated order; the file is in the page cache.
* All have two threads (pandas' C engine has one).
* Every loader ends with the whole table in memory, as columns of its own kind: pandas and polars a DataFrame, pyarrow and
  DuckDB an Arrow table, fread a data.table. None of them is asked for a matrix.
* The others are told the delimiter and the decimal mark of comma.csv; ours finds them itself. All guess the types.
* fread unpacks no gzip by itself: it reads from `gzip -dc`.

Memory is the peak resident set during the load above that just before it.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

THREADS = 2
HERE = Path(__file__).parent
FILES = ["tall.csv", "gene.csv", "mixed.csv", "tall.csv.gz", "comma.csv", "wide.csv", "small.csv"]
LOADERS = ["ours", "pandas-c", "pandas-pyarrow", "pyarrow", "polars", "duckdb", "fread"]


# ------------------------------------------------------------------- the worker: one load in this process
def loader(name):
    """A function of a path that reads a table; imports happen here."""
    if name.startswith("pandas"):
        import pandas

        engine = name.removeprefix("pandas-")
        return lambda path, comma: pandas.read_csv(path, engine=engine, **(dict(sep=";", decimal=",") if comma else {}))
    if name == "pyarrow":
        import pyarrow
        from pyarrow import csv

        pyarrow.set_cpu_count(THREADS)
        pyarrow.set_io_thread_count(THREADS)
        comma_options = dict(
            parse_options=csv.ParseOptions(delimiter=";"), convert_options=csv.ConvertOptions(decimal_point=",")
        )
        return lambda path, comma: csv.read_csv(path, **(comma_options if comma else {}))
    if name == "polars":
        import polars

        return lambda path, comma: polars.read_csv(path, **(dict(separator=";", decimal_comma=True) if comma else {}))
    if name == "duckdb":
        import duckdb

        database = duckdb.connect(config={"threads": THREADS})
        comma_options = dict(sep=";", decimal=",")
        return lambda path, comma: database.read_csv(path, **(comma_options if comma else {})).to_arrow_table()
    raise SystemExit(f"no loader is called {name}")


def status_kib(key):
    return int(re.search(rf"{key}:\s*(\d+)", Path("/proc/self/status").read_text())[1])


def work(name, path):
    read = loader(name)
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as tiny:
        tiny.write("a,b\n1,2\n3,4\n")
        tiny.flush()
        read(tiny.name, False)
    idle = status_kib("VmRSS")
    start = time.perf_counter()
    table = read(path, Path(path).name.startswith("comma"))
    seconds = time.perf_counter() - start
    n_rows, n_columns = table.shape
    peak = status_kib("VmHWM")
    print(json.dumps(dict(seconds=seconds, idle_kib=idle, peak_kib=peak, n_rows=n_rows, n_columns=n_columns)))


# ------------------------------------------------------------------- the comparison
def build():
    """Builds our benchmark; the path of the program."""
    command = ["cargo", "bench", "--bench", "load", "--no-run", "--message-format=json"]
    built = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith("{")]
    programs = [m["executable"] for m in messages if m.get("target", {}).get("kind") == ["bench"]]
    if built.returncode or not programs:
        raise SystemExit(built.stderr)
    return programs[0]


def cost(name, path, ours):
    """One load in a fresh process."""
    if name == "ours":
        command = [ours, "--file", path]
    elif name == "fread":
        command = ["Rscript", str(HERE / "loaders.R"), path, str(THREADS)]
    else:
        command = [sys.executable, __file__, "--work", name, path]
    limits = ["RAYON_NUM_THREADS", "POLARS_MAX_THREADS", "OMP_NUM_THREADS"]
    ran = subprocess.run(command, env=os.environ | dict.fromkeys(limits, str(THREADS)), capture_output=True, text=True)
    try:
        return json.loads(ran.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return {"error": (ran.stderr.strip().splitlines() or ["no output"])[-1][:120]}


def compare(path, loaders, rounds, ours):
    """Rounds of loads, then one line for each loader."""
    path.read_bytes()
    costs, failed = {name: [] for name in loaders}, {}
    for turn in range(rounds):
        start = turn % len(loaders)
        for name in loaders[start:] + loaders[:start]:
            if name in failed:
                continue
            result = cost(name, str(path), ours)
            if "error" in result:
                failed[name] = result["error"]
            else:
                costs[name].append(result)
    size = path.stat().st_size / 1e6
    print(f"\n{path.name}, {size:.1f} MB, load average {os.getloadavg()[0]:.1f}")
    print("| loader | median ms | min ms | MB/s | peak above idle MB | rows x columns | its median / ours |")
    print("| --- | ---: | ---: | ---: | ---: | --- | ---: |")
    median = {name: statistics.median(c["seconds"] for c in seen) for name, seen in costs.items() if seen}
    for name in sorted(median, key=median.get):
        seen = costs[name]
        fastest = min(c["seconds"] for c in seen)
        peak = max(c["peak_kib"] - c["idle_kib"] for c in seen) * 1024 / 1e6
        shape = f"{seen[0]['n_rows']} x {seen[0]['n_columns']}"
        ratio = f"{median[name] / median['ours']:.2f}" if "ours" in median else ""
        figures = f"{median[name] * 1e3:.2f} | {fastest * 1e3:.2f} | {size / median[name]:.0f} | {peak:.1f}"
        print(f"| {name} | {figures} | {shape} | {ratio} |")
    for name, error in failed.items():
        print(f"{name} failed: {error}")
    peers = [median[name] for name in median if name != "ours"]
    if peers and "ours" in median:
        print(f"fastest peer / ours: {min(peers) / median['ours']:.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--files", nargs="*", default=FILES, help="beginnings of file names")
    parser.add_argument("--loaders", nargs="*", default=LOADERS)
    parser.add_argument("--work", nargs=2, metavar=("LOADER", "FILE"), help="one load in this process")
    arguments = parser.parse_args()
    if arguments.work:
        return work(*arguments.work)
    ours = build()
    folder = Path(subprocess.run([ours, "--make"], check=True, capture_output=True, text=True).stdout.strip())
    for name in FILES:
        if any(name.startswith(beginning) for beginning in arguments.files):
            compare(folder / name, arguments.loaders, arguments.rounds, ours)


if __name__ == "__main__":
    main()
