#!/usr/bin/env python3
"""Runs the queries of README.md on DuckDB and on a local Spark, and compares `analyze --moments` with `analyze` of the rows.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install duckdb==2.0.0 pyspark==4.3.0      # and a Java for Spark
    cargo build --release && /tmp/venv/bin/python tests/moments_file/check.py target/release/shrinkscope [--write]

`--write` renews the files in tests/fixtures/moments. The largest differences are printed, relative to the largest number
of their kind; the script fails above 1e-9.
"""

import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests/fixtures/moments"
TOLERANCE = 1e-9
# name, table, target, folds
TABLES = [("diabetes", ROOT / "assets/diabetes.csv", "y", 10), ("offset", FIXTURES / "offset.csv", "y", 5)]


def query(engine):
    """The statements of README.md for one engine: the view, which each table replaces, and the rest as it stands."""
    blocks = re.findall(r"```sql\n(-- .*?)```", (ROOT / "README.md").read_text(), re.S)
    (block,) = [b for b in blocks if b.startswith(f"-- {engine}")]
    view, rest = block.split(";\n\n", 1)
    assert view.splitlines()[1].startswith("CREATE TEMP")
    return block, rest


def with_folds(source, folds, path):
    """The table with a first column `fold`: number of the record mod `folds`, as `--interleaved` deals."""
    with open(source, newline="") as file:
        header, *rows = csv.reader(file)
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([["fold", *header], *([i % folds, *row] for i, row in enumerate(rows))])


def duckdb_moments(table, folder):
    import duckdb

    _, rest = query("DuckDB")
    connection = duckdb.connect()
    connection.execute(f"CREATE TEMP VIEW t AS SELECT * FROM '{table}';")
    connection.execute(rest.replace("'moments.json'", f"'{folder}/moments.json'"))
    return f"DuckDB {duckdb.__version__}", (folder / "moments.json").read_text()


def spark_moments(table, folder):
    import pyspark

    _, rest = query("Spark")
    view = f"CREATE TEMPORARY VIEW t USING csv OPTIONS (path '{table}', header 'true', inferSchema 'true');\n"
    (folder / "moments.sql").write_text(view + rest)
    home = pathlib.Path(pyspark.__file__).parent
    command = [home / "bin/spark-sql", "--master", "local[2]", "--conf", "spark.ui.enabled=false", "-S", "-f", "moments.sql"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return f"Spark {pyspark.__version__}", done.stdout


def analyze(program, arguments, folder):
    subprocess.run([program, "analyze", *arguments, "--out", folder], check=True, capture_output=True)
    return json.loads((folder / "analysis.json").read_text())


def differences(ours, theirs):
    """Largest difference of each kind of number, relative to the largest one of its kind."""
    assert ours["features"] == theirs["features"]
    found = {}
    for penalty in ("lasso", "ridge"):
        for kind in ("alphas", "cv_mean", "cv_se", "intercept", "coefficients", "df"):
            a, b = (one[penalty][kind] for one in (ours, theirs))
            if kind == "coefficients":
                a, b = ([v for row in one for v in row] for one in (a, b))
            scale = max(abs(v) for v in b)
            found[f"{penalty} {kind}"] = max(abs(x - y) for x, y in zip(a, b, strict=True)) / scale
        for kind in ("index_min", "index_1se", "index_chosen"):
            assert ours[penalty][kind] == theirs[penalty][kind], kind
    return found


def main():
    program, write = pathlib.Path(sys.argv[1]).resolve(), "--write" in sys.argv
    worst = 0.0
    made = []
    for engine, make in (("duckdb", duckdb_moments), ("spark", spark_moments)):
        for name, source, target, folds in TABLES:
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                table = folder / "table.csv"
                with_folds(source, folds, table)
                version, moments = make(table, folder)
                file = folder / "moments.json"
                file.write_text(moments)
                ours = analyze(program, ["--moments", file, "--target", target], folder / "ours")
                theirs = analyze(program, [table, "--target", target, "--fold-column", "fold"], folder / "theirs")
                found = differences(ours, theirs)
                kind = max(found, key=found.get)
                worst = max(worst, found[kind])
                print(f"{version}, {name}: largest difference {found[kind]:.1e} ({kind})")
                made.append(f"{engine}-{name}.json: {version}")
                if write:
                    (FIXTURES / f"{engine}-{name}.json").write_text(moments)
        if write:
            (FIXTURES / f"{engine}.sql").write_text(query({"duckdb": "DuckDB", "spark": "Spark"}[engine])[0])
    sys.exit(f"more than {TOLERANCE}" if worst > TOLERANCE else 0)


main()
