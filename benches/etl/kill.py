"""A run that is killed in the middle of its longest stage and resumed: what of it was done twice."""

import json
import os
import random
import signal
import subprocess
import time

import source
from sluice import told


def longest_stage(sluice, table, parts, staging, rows):
    """Tried out with a fiftieth of the rows: which stage takes longest, and for how long it would with all."""
    pilot = max(rows // 50, min(rows, 100_000))
    sluice.clear()
    sluice.write(table, parts, staging, most=pilot)
    stages = told(sluice.run("run", "greece")["report"])["stages"]
    name = max(stages, key=stages.get)
    return name, stages[name] * rows / pilot


def stages_now(sluice):
    """The stages of the last run as its records have them."""
    done = subprocess.run(sluice.command("runs", "greece", "--last"), env=sluice.environment, capture_output=True)
    found = json.loads(done.stdout) if done.returncode == 0 and done.stdout else []
    return {it["stage"].rpartition(".")[2]: it for run in found[-1:] for it in run["stages"]}


def kept(server, stage):
    """Rows that the target's ledger holds of a stage."""
    known = server.number("SELECT COUNT(*) FROM information_schema.tables "
                          "WHERE table_schema = 'sluice' AND table_name = 'sluice_ledger'")
    query = f"SELECT COALESCE(SUM(rows_written), 0) FROM sluice.sluice_ledger WHERE stage = 'companies.{stage}'"
    return server.number(query) if known else 0


def run(sluice, server, table, parts, staging, rows, expected):
    server.settle()
    stage, seconds = longest_stage(sluice, table, parts, staging, rows)
    server.settle()
    sluice.clear()
    sluice.write(table, parts, staging)
    moment = random.uniform(0.2, 0.8)
    print(f"killing in `{stage}`, about {seconds * moment:.0f} s after its beginning", flush=True)
    began = time.monotonic()
    process = subprocess.Popen(sluice.command("run", "greece"), env=sluice.environment, stdout=subprocess.DEVNULL)
    try:
        while process.returncode is None and stages_now(sluice).get(stage, {}).get("status") != "running":
            wait(process, 0.2)
        before = server.usage()
        wait(process, seconds * moment)
        if process.returncode is not None:
            raise SystemExit(f"the run had ended with {process.returncode} before it was killed: give it more rows")
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            peak = wait(process, 60)
    killed_after = time.monotonic() - began
    was = stages_now(sluice)
    after, holds = server.usage(), kept(server, stage)
    resumed = sluice.run("resume", "greece")
    seconds = time.monotonic() - began
    source.check(server, "sluice.companies", expected)
    report = resumed.pop("report")
    return {
        "staging": staging,
        "killed_in": stage,
        "stages_when_killed": {name: it["status"] for name, it in was.items()},
        "seconds": seconds,
        "killed_after_seconds": killed_after,
        "peak_mib": max(peak, resumed["peak_mib"]),
        "rows_kept_of_the_stage": holds,
        # What the server had taken of that stage when it was killed, and did not keep.
        "rows_redone_on_the_server": max(after["handler_write"] - before["handler_write"] - holds, 0),
        "resumed": resumed | told(report),
        "rows": rows,
        "rows_per_second": rows / seconds,
    }


def wait(process, seconds):
    """Waits for the process for a while; its peak memory in MiB where it has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.returncode is None:
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            return used.ru_maxrss / 1024
        time.sleep(0.05)
    return None
