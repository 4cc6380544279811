"""The source's rows, and what must have become of them in a target."""

import subprocess

COLUMNS = ["id", "country", "registration_no", "name", "address", "city", "status", "revenue", "updated_at", "descr"]
CHECKSUM = "CRC32(CONCAT_WS('|', {}))".format(", ".join(f"IFNULL({it}, '~')" for it in COLUMNS))


def fill(server, generator, table, rows, seed):
    """Makes the table, where it is not there with that many rows already."""
    if table != "companies_1m":
        server.sql(f"CREATE TABLE IF NOT EXISTS src.{table} LIKE src.companies_1m")
    if server.number(f"SELECT COUNT(*) FROM src.{table}") == rows:
        return
    server.sql(f"TRUNCATE src.{table}")
    load = f"LOAD DATA LOCAL INFILE '/dev/stdin' INTO TABLE src.{table} CHARACTER SET utf8mb4"
    with subprocess.Popen([generator, str(rows), str(seed)], stdout=subprocess.PIPE) as making:
        subprocess.run(server.client("-e", load), stdin=making.stdout, check=True)
    if making.returncode or server.number(f"SELECT COUNT(*) FROM src.{table}") != rows:
        raise SystemExit("the source is not whole")
    server.sql(f"ANALYZE TABLE src.{table}")


def newest(server, table, folder):
    """How many rows a target must have, and the sum of their checksums: the newest row of each key, found without the
    help of any chain and in bounded memory."""
    query = f"SELECT CONCAT(country, registration_no), updated_at, {CHECKSUM} FROM src.{table}"
    reading = subprocess.Popen(server.client("--quick", "-e", query), stdout=subprocess.PIPE)
    sorting = subprocess.Popen(["sort", "--buffer-size=512M", f"--temporary-directory={folder}"], stdin=reading.stdout,
                               stdout=subprocess.PIPE, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    rows, total, before, last = 0, 0, None, 0
    for line in sorting.stdout:
        key, _, checksum = line.rstrip("\n").split("\t")
        if key != before:
            rows, total, before = rows + 1, total + last, key
        last = int(checksum)
    if reading.wait() or sorting.wait():
        raise SystemExit("the source can't be read")
    return rows, total + last


def check(server, target, expected):
    """Ends the program where the target's rows are not the newest of the source, each whole."""
    rows, total = server.sql(f"SELECT COUNT(*), COALESCE(SUM({CHECKSUM}), 0) FROM {target}")[0]
    if (int(rows), int(total)) != expected:
        raise SystemExit(f"{target} has {rows} rows, checksum {total}; expected {expected}")
