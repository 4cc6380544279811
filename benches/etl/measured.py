"""One chain, watched: wall time, memory and processor of its processes, and what the server did meanwhile."""

import os
import subprocess
import time


def measured(server, command, **options):
    """Runs a command to its end: its output, and its figures."""
    before, began = server.usage(), time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    # What it says is little: the pipes hold it until it has ended.
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    output, errors = process.stdout.read().decode(), process.stderr.read().decode()
    process.stdout.close(), process.stderr.close()
    if process.returncode not in (0, -9):
        raise SystemExit(f"{command}: {process.returncode}\n{output}{errors}")
    figures = {
        "seconds": seconds,
        # Of the largest process, in a chain of several.
        "peak_mib": used.ru_maxrss / 1024,
        "client_cpu_seconds": used.ru_utime + used.ru_stime,
        **since(server, before),
    }
    return output, figures


def since(server, before):
    after = server.usage()
    return {f"server_{name}": after[name] - before[name] for name in before}
