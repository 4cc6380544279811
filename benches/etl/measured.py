"""One chain, watched: wall time, memory and processor of its processes, and what the server did meanwhile."""

import os
import subprocess
import tempfile
import time


def measured(server, command, **options):
    """Runs a command to its end: its output, and its figures."""
    before, began = server.usage(), time.monotonic()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=output, stderr=errors, **options)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said = [(it.seek(0), it.read().decode())[1] for it in (output, errors)]
    if process.returncode:
        raise SystemExit(f"{command}: {process.returncode}\n{''.join(said)}")
    figures = {
        "seconds": seconds,
        # Of the largest process, in a chain of several.
        "peak_mib": used.ru_maxrss / 1024,
        "client_cpu_seconds": used.ru_utime + used.ru_stime,
        **since(server, before),
    }
    return said[0], figures


def since(server, before):
    after = server.usage()
    return {f"server_{name}": after[name] - before[name] for name in before}
