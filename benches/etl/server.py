"""A MariaDB of the figures' own: started on a free port of this machine, with its own folder, and ended with them."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
USER = PASSWORD = "etl"
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    def __init__(self, folder, buffer_pool):
        self.folder = pathlib.Path(folder)
        self.buffer_pool = buffer_pool
        self.process = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self):
        data, tmp = self.folder / "data", self.folder / "tmp"
        if not data.exists():
            tmp.mkdir(parents=True)
            install = ["mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal",
                       "--skip-test-db", f"--datadir={data}", f"--tmpdir={tmp}", *self._user()]
            subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
        self.log = self.folder / "log"
        command = ["mariadbd", f"--defaults-file={HERE / 'my.cnf'}", *self._user(), f"--datadir={data}",
                   f"--tmpdir={tmp}", f"--socket={self.folder / 'socket'}", f"--pid-file={self.folder / 'pid'}",
                   f"--log-error={self.log}", f"--port={self.port}", f"--innodb-buffer-pool-size={self.buffer_pool}"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        root = ["mariadb", "--no-defaults", "-uroot", f"--socket={self.folder / 'socket'}"]
        for _ in range(600):
            if self.process.poll() is not None:
                break
            if subprocess.run([*root, "-e", "SELECT 1"], capture_output=True).returncode == 0:
                subprocess.run(root, check=True, stdin=open(HERE / "schema.sql"))
                return
            time.sleep(0.1)
        raise SystemExit(f"the server does not start: {self.log.read_text()}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(120)
            self.process.kill()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _user():
        return ["--user=root"] if os.geteuid() == 0 else []

    def client(self, *more):
        return ["mariadb", "--no-defaults", f"-u{USER}", f"-p{PASSWORD}", "-h127.0.0.1", f"-P{self.port}",
                "--local-infile=1", "--default-character-set=utf8mb4", "-BN", *more]

    def sql(self, *statements):
        """Runs statements in one session; the rows of them all, split into columns."""
        done = subprocess.run(self.client("-e", ";".join(statements)), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{'; '.join(statements)}: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def number(self, statement):
        return int(self.sql(statement)[0][0])

    def side_by_side(self, *statements):
        """Each statement on a connection of its own, all at once; the seconds until the last has ended."""
        began = time.monotonic()
        running = [subprocess.Popen(self.client("-e", it)) for it in statements]
        failed = [it for it in running if it.wait()]
        if failed:
            raise SystemExit(f"failed: {statements}")
        return time.monotonic() - began

    def usage(self):
        """What the server has used since it was started."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        io = dict(line.split(": ") for line in pathlib.Path(f"/proc/{self.process.pid}/io").read_text().splitlines())
        names = "'Innodb_data_written','Innodb_os_log_written','Handler_write'"
        counters = self.sql(f"SHOW GLOBAL STATUS WHERE variable_name IN ({names})")
        return {
            "cpu_seconds": (int(fields[11]) + int(fields[12])) / TICKS,
            "written_bytes": int(io["write_bytes"]),
            **{name.lower(): int(value) for name, value in counters},
        }

    def settle(self):
        """Empties staging and target and writes what waits in memory, so that each chain begins with the same."""
        self.sql(
            "DROP TABLE IF EXISTS stg.companies",
            "CREATE TABLE IF NOT EXISTS stg.companies LIKE src.companies_1m",
            "TRUNCATE tgt.companies",
            "DROP DATABASE sluice", "CREATE DATABASE sluice", "CREATE TABLE sluice.companies LIKE tgt.companies",
            "SET GLOBAL innodb_max_dirty_pages_pct = 0",
        )
        dirty = "SELECT variable_value FROM information_schema.global_status WHERE variable_name = "
        for _ in range(600):
            waits = [self.number(f"{dirty} 'Innodb_{it}'") for it in ("buffer_pool_pages_dirty", "history_list_length")]
            if waits[0] < 500 and waits[1] < 1000:
                break
            time.sleep(0.2)
        self.sql("SET GLOBAL innodb_max_dirty_pages_pct = DEFAULT")
