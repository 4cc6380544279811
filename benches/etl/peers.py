"""The others: the hand-written shell chain, the server's own floors, sling and dlt."""

import os
import pathlib
import shutil
import subprocess
import time

from measured import measured, since

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = "id, country, registration_no, name, address, city, status, revenue, updated_at, descr"
KEY = "country, registration_no"
# The last sling whose program is a package; `sling` itself, and later ones, fetch it from elsewhere.
VERSIONS = ["sling-linux-amd64==1.4.11", "dlt[sqlalchemy,parquet]==1.31.0", "pymysql==1.2.4"]


def shell_environment(server, spool):
    return {**os.environ, "SPOOL": str(spool), "PORT": str(server.port)}


def shell_chain(server, folder, spool, size, parts):
    """`chain.sh` of the folder of peers, which prints the seconds of each stage."""
    output, figures = measured(server, [folder / "chain.sh", size, str(parts)], env=shell_environment(server, spool))
    stages = dict(line.split() for line in output.splitlines())
    stages["publish"] = stages.pop("target")
    figures["stages"] = {name: float(seconds) for name, seconds in stages.items()}
    figures["gzip_bytes"] = sum(it.stat().st_size for it in spool.glob(f"{size}.csv.*.gz"))
    return figures


def floors(server, folder, spool, table, size):
    """What the server needs by itself for each step, in seconds; no client does anything."""
    low, high = (int(it) for it in server.sql(f"SELECT MIN(id), MAX(id) FROM src.{table}")[0])
    middle = (low + high) // 2
    ranges = [f"id <= {middle}", f"id > {middle}"]
    files = [spool / f"rows.{it}" for it in range(len(ranges))]
    for it in files:
        it.unlink(missing_ok=True)
    seconds = {}
    seconds["outfile, 2 ranges"] = server.side_by_side(*(
        f"SELECT {COLUMNS} FROM src.{table} WHERE {where} INTO OUTFILE '{file}' CHARACTER SET utf8mb4"
        for where, file in zip(ranges, files)))
    load = "LOAD DATA INFILE '{}' INTO TABLE stg.companies CHARACTER SET utf8mb4"
    seconds["load, 1 connection"] = sum(server.side_by_side(load.format(it)) for it in files)
    server.settle()
    before = server.usage()
    seconds["load, 2 connections"] = server.side_by_side(*(load.format(it) for it in files))
    written = since(server, before)["server_written_bytes"]
    for it in files:
        it.unlink()
    if folder:
        environment = shell_environment(server, spool)
        server.settle()
        for script, words in [("extract", ["igzip", "-1", "-c"]), ("load", ["0", "igzip -d -c"])]:
            began = time.monotonic()
            subprocess.run([folder / "shell" / f"{script}.sh", size, "csv", "4", *words], check=True, env=environment)
            seconds["load, 4 gzip files by fifo"] = time.monotonic() - began
        for it in spool.glob(f"{size}.csv.*.gz"):
            it.unlink()
    # The rows that the shell chain would delete, so that what is measured next are clean rows.
    server.sql(
        "USE stg", "SET tmp_table_size = 1 << 30, max_heap_table_size = 1 << 30",
        f"""CREATE TEMPORARY TABLE stg.older (PRIMARY KEY (id)) SELECT id FROM (
                SELECT id, ROW_NUMBER() OVER (PARTITION BY {KEY} ORDER BY updated_at DESC) AS place FROM stg.companies
            ) AS placed WHERE place > 1""",
        "DELETE s FROM stg.companies AS s JOIN stg.older USING (id)",
    )
    others = [it for it in COLUMNS.split(", ") if it not in KEY.split(", ")]
    update = "ON DUPLICATE KEY UPDATE " + ", ".join(f"{it} = VALUES({it})" for it in others)
    insert = f"INSERT INTO tgt.companies ({COLUMNS}) SELECT {COLUMNS} FROM stg.companies"
    settings = "SET tx_isolation = 'READ-COMMITTED', sort_buffer_size = 512 << 20, max_length_for_sort_data = 8 << 20"
    for name, statements in {
        "insert": [insert],
        "upsert, 2 connections": [f"{settings}; {insert} WHERE {it} {update}" for it in ranges],
        "upsert, key order": [f"{settings}; {insert} ORDER BY {KEY} {update}"],
    }.items():
        server.sql("TRUNCATE tgt.companies")
        seconds[name] = server.side_by_side(*statements)
    return {"stages": seconds, "load_written_bytes": written}


def virtual_environment(work):
    """sling and dlt, where they are not there yet."""
    folder = work / "peers"
    if not (folder / "bin" / "dlt").exists():
        subprocess.run(["python3", "-m", "venv", folder], check=True)
        pip = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *VERSIONS], check=True)
    return folder


def sling_chain(server, work, table):
    """Extract to compressed CSV and load into staging: what it can do of the chain."""
    folder, spool = virtual_environment(work), work / "sling"
    program = next(folder.glob("lib/*/site-packages/sling_linux_amd64/bin/sling-linux-amd64"))
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir()
    url = f"mysql://etl:etl@127.0.0.1:{server.port}/src?tls=false"
    environment = {**os.environ, "FIGURES": url, "SLING_HOME_DIR": str(spool / "home"),
                   "SLING_DISABLE_TELEMETRY": "true"}
    file = f"file://{spool}/companies.csv.gz"
    stages = {
        "extract": ["--src-conn", "FIGURES", "--src-stream", f"src.{table}", "--tgt-conn", "LOCAL", "--tgt-object", file,
                    "--tgt-options", "{compression: gzip}", "--mode", "full-refresh"],
        "load": ["--src-conn", "LOCAL", "--src-stream", file, "--tgt-conn", "FIGURES", "--tgt-object", "stg.companies",
                 "--mode", "truncate"],
    }
    total = {"stages": {}}
    for stage, words in stages.items():
        _, figures = measured(server, [program, "run", *words], env=environment)
        total["stages"][stage] = figures["seconds"]
        for name in figures:
            joined = max if name == "peak_mib" else lambda *both: sum(both)
            total[name] = joined(total.get(name, 0), figures[name])
    total["gzip_bytes"] = sum(it.stat().st_size for it in spool.rglob("*.gz"))
    shutil.rmtree(spool)
    return total


def dlt_chain(server, work, table):
    """A merge that keeps the newest of each key."""
    folder, spool = virtual_environment(work), work / "dlt"
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir()
    server.sql("DROP DATABASE IF EXISTS dlt", "CREATE DATABASE dlt")
    environment = {**os.environ, "DLT_DATA_DIR": str(spool), "RUNTIME__DLTHUB_TELEMETRY": "false"}
    command = [folder / "bin" / "python", HERE / "dlt_chain.py", str(server.port), table, str(spool)]
    _, figures = measured(server, command, env=environment)
    rows = server.number("SELECT COUNT(*) FROM dlt.companies")
    server.sql("DROP DATABASE dlt", "DROP DATABASE IF EXISTS dlt_staging")
    shutil.rmtree(spool)
    return figures | {"stages": {}, "rows": rows}
