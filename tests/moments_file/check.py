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
    _, rest = query("Spark")
    view = f"CREATE TEMPORARY VIEW t USING csv OPTIONS (path '{table}', header 'true', inferSchema 'true');\n"
    return spark_sql(view + rest, folder)


def spark_sql(script, folder):
    import pyspark

    (folder / "moments.sql").write_text(script)
    home = pathlib.Path(pyspark.__file__).parent
    command = [home / "bin/spark-sql", "--master", "local[2]", "--conf", "spark.ui.enabled=false", "-S", "-f", "moments.sql"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return f"Spark {pyspark.__version__}", done.stdout


def whole_duckdb(folder):
    """The query of README.md as it stands, on data.parquet; the rows with their folds."""
    import duckdb

    (folder / "moments.sql").write_text(query("DuckDB")[0])
    script = f"""
import duckdb
c = duckdb.connect()
c.execute(open('moments.sql').read())
c.execute("COPY t TO 'rows.csv'")
"""
    subprocess.run([sys.executable, "-c", script], cwd=folder, check=True)
    return f"DuckDB {duckdb.__version__}", (folder / "moments.json").read_text()


def whole_spark(folder):
    """As `whole_duckdb`."""
    block = query("Spark")[0]
    view = block.split(";\n\n", 1)[0]
    rows = "INSERT OVERWRITE DIRECTORY 'rows' USING csv OPTIONS (header 'true') SELECT /*+ COALESCE(1) */ * FROM t;"
    spark_sql(f"{view};\n{rows}\n", folder)
    (folder / "rows.csv").write_text(next(folder.glob("rows/*.csv")).read_text())
    return spark_sql(block, folder)


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


def compare(program, name, made, table, target, folder):
    version, moments = made
    file = folder / "made.json"
    file.write_text(moments)
    ours = analyze(program, ["--moments", file, "--target", target], folder / "ours")
    theirs = analyze(program, [table, "--target", target, "--fold-column", "fold"], folder / "theirs")
    found = differences(ours, theirs)
    kind = max(found, key=found.get)
    print(f"{version}, {name}: largest difference {found[kind]:.1e} ({kind})", flush=True)
    return found[kind]


def main():
    program, write = pathlib.Path(sys.argv[1]).resolve(), "--write" in sys.argv
    worst = []
    engines = [("duckdb", "DuckDB", duckdb_moments, whole_duckdb), ("spark", "Spark", spark_moments, whole_spark)]
    for engine, title, make, whole in engines:
        for name, source, target, folds in TABLES:
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                table = folder / "table.csv"
                with_folds(source, folds, table)
                made = make(table, folder)
                worst.append(compare(program, name, made, table, target, folder))
                if write:
                    (FIXTURES / f"{engine}-{name}.json").write_text(made[1])
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            made_up_table(folder)
            worst.append(compare(program, "the query as it stands", whole(folder), folder / "rows.csv", "price", folder))
        if write:
            (FIXTURES / f"{engine}.sql").write_text(query(title)[0])
    sys.exit(f"more than {TOLERANCE}" if max(worst) > TOLERANCE else 0)


def made_up_table(folder):
    """data.parquet: 20000 rows of which some lack a cell, whole numbers beside doubles, means up to 1e9."""
    import duckdb

    duckdb.sql(f"""COPY (SELECT i AS id, CAST(i % 7 AS INT) AS rooms, CASE WHEN i % 50 <> 3 THEN 1e9 + hash(i) % 1000 / 300.0 END AS area,
        hash(i + 1) % 1000 / 1e9 AS noise, 200 + i % 7 + (hash(i) % 1000 / 300.0) + hash(i + 2) % 100 / 50.0 AS price
        FROM range(20000) r(i)) TO '{folder}/data.parquet'""")


main()
